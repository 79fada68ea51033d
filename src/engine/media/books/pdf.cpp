#include "engine/media/books/pdf.hpp"

#include "base/error.hpp"
#include "engine/media/pictures/decode.hpp"
#include "engine/media/pictures/paint.hpp"

namespace odeon::books {
namespace {

constexpr double kCorner = 12;

Error unreadable_picture() {
  return Error(Fault::invalid, "BOOK_INVALID", "One of the pictures is damaged.");
}

// A JPEG goes into the file by its bytes, which say how large it is: of the surface that carries them Cairo only takes
// the place, so one pixel stands for it, where all of them would be cleared and copied twice for nothing.
pictures::Picture pixels_of(const Plate& plate) {
  if (plate.file.format == pictures::Format::jpeg) return pictures::Picture(1, 1);
  try {
    return pictures::decode(plate.bytes);
  } catch (const Error&) {
    throw unreadable_picture();
  }
}

}  // namespace

Pdf::Pdf(double width, double height, const Sink& to)
    : to_(to),
      surface_(cairo().cairo_pdf_surface_create_for_stream(&Pdf::write, this, width, height)),
      context_(cairo().cairo_create(surface_.get())) {}

// Cairo finishes what is left lying, and then reads past its pages if one was announced and not ended.
Pdf::~Pdf() {
  is_abandoned_ = true;
  cairo().cairo_show_page(context_.get());
}

cairo_status_t Pdf::write(void* self, const unsigned char* bytes, unsigned int size) {
  auto& pdf = *static_cast<Pdf*>(self);
  if (pdf.failure_ || pdf.is_abandoned_) return CAIRO_STATUS_SUCCESS;
  try {
    pdf.to_({reinterpret_cast<const char*>(bytes), size});
  } catch (...) {  // nothing may be thrown through Cairo
    pdf.failure_ = std::current_exception();
  }
  return CAIRO_STATUS_SUCCESS;
}

void Pdf::describe(const Edition& edition) {
  const auto set = [this](cairo_pdf_metadata_t key, const std::string& value) {
    if (!value.empty()) cairo().cairo_pdf_surface_set_metadata(surface_.get(), key, value.c_str());
  };
  set(CAIRO_PDF_METADATA_TITLE, edition.title);
  set(CAIRO_PDF_METADATA_AUTHOR, edition.author);
  set(CAIRO_PDF_METADATA_SUBJECT, edition.description);
  set(CAIRO_PDF_METADATA_CREATOR, "Odeon");
  set(CAIRO_PDF_METADATA_CREATE_DATE, to_iso8601(edition.date));
  set(CAIRO_PDF_METADATA_MOD_DATE, to_iso8601(edition.date));
}

void Pdf::draw_picture(const Plate& plate, pictures::Box into) {
  const Cairo& c = cairo();
  const pictures::Picture pixels = pixels_of(plate);
  const auto format = pixels.is_opaque() ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32;
  const PrintPtr<cairo_surface_t> surface(pictures::surface_on(pixels, format));
  if (plate.file.format == pictures::Format::jpeg)
    c.cairo_surface_set_mime_data(surface.get(), CAIRO_MIME_TYPE_JPEG,
                                  reinterpret_cast<const unsigned char*>(plate.bytes.data()), plate.bytes.size(),
                                  nullptr, nullptr);
  cairo_t* on = context_.get();
  const Tag tag(*this, "Figure");
  c.cairo_save(on);
  pictures::add_path(on, pictures::Path::rounded(into, std::min({kCorner, into.width / 4, into.height / 4})));
  c.cairo_clip(on);
  c.cairo_translate(on, into.x, into.y);
  c.cairo_scale(on, into.width / pixels.width(), into.height / pixels.height());
  c.cairo_set_source_surface(on, surface.get(), 0, 0);
  c.cairo_paint(on);
  c.cairo_restore(on);
}

void Pdf::dot(double x, double y, double radius, Ink ink) {
  cairo().cairo_set_source_rgb(context_.get(), ink.red, ink.green, ink.blue);
  pictures::add_path(context_.get(), pictures::Path::circle({x, y}, radius));
  cairo().cairo_fill(context_.get());
}

Pdf::Tag::Tag(Pdf& pdf, const char* kind) : context_(pdf.context()), kind_(kind) {
  cairo().cairo_tag_begin(context_, kind_, nullptr);
}

Pdf::Tag::~Tag() {
  cairo().cairo_tag_end(context_, kind_);
}

void Pdf::name_sheet(const std::string& label) {
  cairo().cairo_pdf_surface_set_page_label(surface_.get(), label.c_str());
}

void Pdf::outline(const std::string& line) {
  cairo().cairo_pdf_surface_add_outline(surface_.get(), CAIRO_PDF_OUTLINE_ROOT, line.c_str(),
                                        fmt::format("page={}", sheet_).c_str(), {});
}

void Pdf::end_sheet() {
  cairo().cairo_show_page(context_.get());
  ++sheet_;
  check();
}

void Pdf::finish() {
  cairo().cairo_surface_finish(surface_.get());
  check();
}

void Pdf::check() {
  const Cairo& c = cairo();
  if (failure_) std::rethrow_exception(failure_);
  auto status = c.cairo_status(context_.get());
  if (status == CAIRO_STATUS_SUCCESS) status = c.cairo_surface_status(surface_.get());
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw Error(Fault::internal, "BOOK_NOT_PRINTED", "The book could not be printed.")
      .with_detail(c.cairo_status_to_string(status));
}

}  // namespace odeon::books
