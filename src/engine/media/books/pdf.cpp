#include "engine/media/books/pdf.hpp"

#include <cstring>
#include <numbers>

#include "base/error.hpp"

namespace odeon::books {
namespace {

constexpr double kCorner = 12;

Error unreadable_picture() {
  return Error(Fault::invalid, "BOOK_INVALID", "One of the pictures is damaged.");
}

cairo_status_t feed_png(void* rest, unsigned char* into, unsigned int size) {
  auto& bytes = *static_cast<std::string_view*>(rest);
  if (bytes.size() < size) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(into, bytes.data(), size);
  bytes.remove_prefix(size);
  return CAIRO_STATUS_SUCCESS;
}

// A JPEG goes into the file by its bytes, which say how large it is: of the surface that carries them Cairo only takes
// the place, so one pixel stands for it, where all of them would be cleared and copied twice for nothing.
PrintPtr<cairo_surface_t> surface_of_jpeg(std::string_view bytes) {
  const PrintLibraries& l = print_libraries();
  PrintPtr<cairo_surface_t> surface(l.cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1));
  l.cairo_surface_set_mime_data(surface.get(), CAIRO_MIME_TYPE_JPEG,
                                reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, nullptr);
  return surface;
}

PrintPtr<cairo_surface_t> surface_of_png(std::string_view bytes) {
  PrintPtr<cairo_surface_t> surface(print_libraries().cairo_image_surface_create_from_png_stream(&feed_png, &bytes));
  if (print_libraries().cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) throw unreadable_picture();
  return surface;
}

void round_rectangle(cairo_t* on, Area area, double radius) {
  const PrintLibraries& l = print_libraries();
  const double quarter = std::numbers::pi / 2;
  const double right = area.x + area.width - radius, bottom = area.y + area.height - radius;
  l.cairo_new_sub_path(on);
  l.cairo_arc(on, right, area.y + radius, radius, -quarter, 0);
  l.cairo_arc(on, right, bottom, radius, 0, quarter);
  l.cairo_arc(on, area.x + radius, bottom, radius, quarter, 2 * quarter);
  l.cairo_arc(on, area.x + radius, area.y + radius, radius, 2 * quarter, 3 * quarter);
  l.cairo_close_path(on);
}

}  // namespace

Pdf::Pdf(double width, double height, const Sink& to)
    : to_(to),
      surface_(print_libraries().cairo_pdf_surface_create_for_stream(&Pdf::write, this, width, height)),
      context_(print_libraries().cairo_create(surface_.get())) {}

// Cairo finishes what is left lying, and then reads past its pages if one was announced and not ended.
Pdf::~Pdf() {
  is_abandoned_ = true;
  print_libraries().cairo_show_page(context_.get());
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
    if (!value.empty()) print_libraries().cairo_pdf_surface_set_metadata(surface_.get(), key, value.c_str());
  };
  set(CAIRO_PDF_METADATA_TITLE, edition.title);
  set(CAIRO_PDF_METADATA_AUTHOR, edition.author);
  set(CAIRO_PDF_METADATA_SUBJECT, edition.description);
  set(CAIRO_PDF_METADATA_CREATOR, "Odeon");
  set(CAIRO_PDF_METADATA_CREATE_DATE, to_iso8601(edition.date));
  set(CAIRO_PDF_METADATA_MOD_DATE, to_iso8601(edition.date));
}

void Pdf::draw_picture(const Plate& plate, Area into) {
  const PrintLibraries& l = print_libraries();
  const bool is_jpeg = plate.file.kind == PictureFile::Kind::jpeg;
  const PrintPtr<cairo_surface_t> surface = is_jpeg ? surface_of_jpeg(plate.bytes) : surface_of_png(plate.bytes);
  cairo_t* on = context_.get();
  const Tag tag(*this, "Figure");
  l.cairo_save(on);
  round_rectangle(on, into, std::min({kCorner, into.width / 4, into.height / 4}));
  l.cairo_clip(on);
  l.cairo_translate(on, into.x, into.y);
  l.cairo_scale(on, into.width / (is_jpeg ? 1 : plate.file.width), into.height / (is_jpeg ? 1 : plate.file.height));
  l.cairo_set_source_surface(on, surface.get(), 0, 0);
  l.cairo_paint(on);
  l.cairo_restore(on);
}

void Pdf::dot(double x, double y, double radius, Ink ink) {
  const PrintLibraries& l = print_libraries();
  l.cairo_set_source_rgb(context_.get(), ink.red, ink.green, ink.blue);
  l.cairo_new_sub_path(context_.get());
  l.cairo_arc(context_.get(), x, y, radius, 0, 2 * std::numbers::pi);
  l.cairo_fill(context_.get());
}

Pdf::Tag::Tag(Pdf& pdf, const char* kind) : context_(pdf.context()), kind_(kind) {
  print_libraries().cairo_tag_begin(context_, kind_, nullptr);
}

Pdf::Tag::~Tag() {
  print_libraries().cairo_tag_end(context_, kind_);
}

void Pdf::name_sheet(const std::string& label) {
  print_libraries().cairo_pdf_surface_set_page_label(surface_.get(), label.c_str());
}

void Pdf::outline(const std::string& line) {
  print_libraries().cairo_pdf_surface_add_outline(surface_.get(), CAIRO_PDF_OUTLINE_ROOT, line.c_str(),
                                                  fmt::format("page={}", sheet_).c_str(), {});
}

void Pdf::end_sheet() {
  print_libraries().cairo_show_page(context_.get());
  ++sheet_;
  check();
}

void Pdf::finish() {
  print_libraries().cairo_surface_finish(surface_.get());
  check();
}

void Pdf::check() {
  const PrintLibraries& l = print_libraries();
  if (failure_) std::rethrow_exception(failure_);
  auto status = l.cairo_status(context_.get());
  if (status == CAIRO_STATUS_SUCCESS) status = l.cairo_surface_status(surface_.get());
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw Error(Fault::internal, "BOOK_NOT_PRINTED", "The book could not be printed.")
      .with_detail(l.cairo_status_to_string(status));
}

}  // namespace odeon::books
