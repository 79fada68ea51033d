// A PDF file as sheets of paper that are drawn one after the other. Lengths are points from the top left corner.
#pragma once

#include <exception>
#include <string>

#include "engine/media/books/edition.hpp"
#include "engine/media/books/typesetter.hpp"
#include "engine/media/pictures/path.hpp"

namespace odeon::books {

// Not thread-safe. The sink gets what is finished while the next sheet is drawn, and must outlive this.
class Pdf {
 public:
  Pdf(double width, double height, const Sink& to);
  ~Pdf();
  Pdf(const Pdf&) = delete;
  Pdf& operator=(const Pdf&) = delete;

  // Title, author, subject and dates; nothing of the machine or the moment.
  void describe(const Edition& edition);

  cairo_t* context() { return context_.get(); }
  // With round corners. JPEG goes into the file as it is. Throws Error{invalid} if it cannot be read.
  void draw_picture(const Plate& plate, pictures::Box into);
  void dot(double x, double y, double radius, Ink ink);
  // What is drawn until it dies belongs together and is of this kind: "H1", "P", "Figure" (PDF 1.7, 14.8.4).
  class Tag {
   public:
    Tag(Pdf& pdf, const char* kind);
    ~Tag();
    Tag(const Tag&) = delete;
    Tag& operator=(const Tag&) = delete;

   private:
    cairo_t* context_;
    const char* kind_;
  };

  // The next sheet's name where viewers show one, and its line in the outline, if any.
  void name_sheet(const std::string& label);
  void outline(const std::string& line);
  void end_sheet();
  // Throws what the sink threw, or Error{internal} if Cairo failed.
  void finish();

 private:
  static cairo_status_t write(void* self, const unsigned char* bytes, unsigned int size);
  void check();

  const Sink& to_;
  std::exception_ptr failure_;  // of the sink: shown by `check`, since Cairo does not take failures well
  bool is_abandoned_ = false;
  int sheet_ = 1;
  PrintPtr<cairo_surface_t> surface_;
  PrintPtr<cairo_t> context_;
};

}  // namespace odeon::books
