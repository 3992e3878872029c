// SPDX-License-Identifier: Apache-2.0
// JPEG through libjpeg(-turbo): luminance only, shrunk inside the inverse DCT.
//
// libjpeg reports errors by longjmp. The rule that keeps this sound: it is called only inside
// `guarded`, whose callables hold no object with a destructor, so that a jump skips none; memory is
// taken and exceptions are thrown outside.
#include "jpeg.hpp"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <jpeglib.h>
#include <memory>
#include <string>
#include <utility>
// After jpeglib.h, which it needs.
#include <jerror.h>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/limits.hpp>

#include "metadata.hpp"

namespace quartet::jobs::detail {

namespace {

/// libjpeg's error manager with a place to jump to and room for what it said.
struct failure_state {
  jpeg_error_mgr manager;  // first, so that a pointer to it is a pointer to the whole
  std::jmp_buf jump;
  int code;
  char text[JMSG_LENGTH_MAX];
};

[[noreturn]] void fail(j_common_ptr info) {
  auto* state = reinterpret_cast<failure_state*>(info->err);
  state->code = state->manager.msg_code;
  state->manager.format_message(info, state->text);
  std::longjmp(state->jump, 1);
}

/// Warnings that leave the picture whole; the others are damage that libjpeg would paint over.
bool is_harmless(int code) {
  switch (code) {
    case JWRN_EXTRANEOUS_DATA:  // padding between segments, as some cameras leave it
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_BOGUS_ICC:
      return true;
    default:
      return false;
  }
}

void on_message(j_common_ptr info, int level) {
  if (level < 0 && !is_harmless(info->err->msg_code)) fail(info);
}

/// A file of 40 kB can ask for a minute of work by thousands of tiny scans.
void limit_scans(j_common_ptr info) {
  constexpr int scans_max = 500;
  auto* decoder = reinterpret_cast<j_decompress_ptr>(info);
  if (decoder->input_scan_number <= scans_max) return;
  auto* state = reinterpret_cast<failure_state*>(info->err);
  state->code = JERR_BAD_PROGRESSION;
  std::snprintf(state->text, sizeof state->text, "more than %d scans", scans_max);
  std::longjmp(state->jump, 1);
}

void install(failure_state& state) {
  jpeg_std_error(&state.manager);
  state.manager.error_exit = fail;
  state.manager.emit_message = on_message;
  state.manager.output_message = [](j_common_ptr) {};
}

[[noreturn]] void raise(failure_state const& state) {
  switch (state.code) {
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
      not_yet_supported(std::string("this kind of JPEG (") + state.text + ")");
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
      throw image_error(image_status::failed,
                        "too large: decoding it needs more than " +
                            std::to_string(max_decoder_bytes >> 20) +
                            " MiB at once; save it as a baseline JPEG with another program first");
    default:
      damaged(state.text);
  }
}

template <class F> void guarded(failure_state& state, F const& f) {
  if (setjmp(state.jump) != 0) raise(state);
  f();
}

class jpeg_decoder {
 public:
  explicit jpeg_decoder(std::span<std::uint8_t const> bytes) : bytes_(bytes) {
    install(failure_);
    info_.err = &failure_.manager;
    guarded(failure_, [this] { jpeg_create_decompress(&info_); });
  }
  jpeg_decoder(jpeg_decoder const&) = delete;
  jpeg_decoder& operator=(jpeg_decoder const&) = delete;
  ~jpeg_decoder() { jpeg_destroy_decompress(&info_); }

  decoded_image decode(unsigned width) {
    read_header();
    require_allowed_size(info_.image_width, info_.image_height);
    require_simple_colours();
    require_upright_marker();
    require_srgb_marker();
    start(width);
    decoded_image result{.image = {.width = info_.output_width, .height = info_.output_height},
                         .format = image_format::jpeg,
                         .full_width = info_.image_width,
                         .full_height = info_.image_height,
                         .shrunk_by = info_.scale_denom};
    result.image.pixels.resize(std::size_t{info_.output_width} * info_.output_height);
    read_rows(result.image.pixels.data());
    return result;
  }

 private:
  void read_header() {
    constexpr unsigned whole_marker = 0xFFFF;
    progress_.progress_monitor = limit_scans;
    guarded(failure_, [this] {
      info_.progress = &progress_;
      info_.mem->max_memory_to_use = static_cast<long>(max_decoder_bytes);
      jpeg_save_markers(&info_, JPEG_APP0 + 1, whole_marker);
      jpeg_save_markers(&info_, JPEG_APP0 + 2, whole_marker);
      jpeg_mem_src(&info_, bytes_.data(), static_cast<unsigned long>(bytes_.size()));
      jpeg_read_header(&info_, TRUE);
    });
  }

  void require_simple_colours() const {
    switch (info_.jpeg_color_space) {
      case JCS_GRAYSCALE:
      case JCS_YCbCr:
      case JCS_RGB:
        return;
      case JCS_CMYK:
        not_yet_supported("CMYK colour");
      case JCS_YCCK:
        not_yet_supported("YCCK colour");
      default:
        not_yet_supported(std::to_string(info_.num_components) + "-channel colour");
    }
  }

  void require_upright_marker() const {
    constexpr char signature[] = "Exif\0";  // and the literal's own zero
    for (auto* marker = info_.marker_list; marker != nullptr; marker = marker->next) {
      if (marker->marker != JPEG_APP0 + 1 || marker->data_length < sizeof signature ||
          std::memcmp(marker->data, signature, sizeof signature) != 0) {
        continue;
      }
      return require_upright(
          std::span(marker->data, marker->data_length).subspan(sizeof signature));
    }
  }

  void require_srgb_marker() {
    JOCTET* profile = nullptr;
    unsigned length = 0;
    boolean found = FALSE;
    guarded(failure_, [&] { found = jpeg_read_icc_profile(&info_, &profile, &length); });
    if (found == FALSE) return;  // none, or in pieces that do not fit together: viewers ignore it
    std::unique_ptr<JOCTET, void (*)(void*)> const owner(profile, std::free);
    require_srgb({profile, length});
  }

  /// Only powers of two: libjpeg-turbo has no fast inverse DCT for the scales between.
  void start(unsigned width) {
    unsigned shrink = 8;
    while (shrink > 1 && info_.image_width / shrink < width) shrink /= 2;
    guarded(failure_, [this, shrink] {
      info_.out_color_space = JCS_GRAYSCALE;
      info_.scale_num = 1;
      info_.scale_denom = shrink;
      jpeg_start_decompress(&info_);
    });
  }

  /// To the very end of the file, so that one that was cut short anywhere is found out.
  void read_rows(std::uint8_t* pixels) {
    guarded(failure_, [this, pixels] {
      while (info_.output_scanline < info_.output_height) {
        JSAMPROW row = pixels + std::size_t{info_.output_scanline} * info_.output_width;
        jpeg_read_scanlines(&info_, &row, 1);
      }
      jpeg_finish_decompress(&info_);
    });
  }

  std::span<std::uint8_t const> bytes_;
  jpeg_decompress_struct info_{};
  jpeg_progress_mgr progress_{};
  failure_state failure_{};
};

class jpeg_encoder {
 public:
  jpeg_encoder() {
    install(failure_);
    info_.err = &failure_.manager;
    guarded(failure_, [this] { jpeg_create_compress(&info_); });
  }
  jpeg_encoder(jpeg_encoder const&) = delete;
  jpeg_encoder& operator=(jpeg_encoder const&) = delete;
  ~jpeg_encoder() {
    jpeg_destroy_compress(&info_);
    if (written_ != room_.data()) std::free(written_);
  }

  std::vector<std::uint8_t> encode(gray_image const& image, int quality) {
    constexpr std::size_t headers = 4096;
    room_.resize(image.pixels.size() / 2 + headers);  // most fit; libjpeg finds more room if not
    written_ = room_.data();
    length_ = static_cast<unsigned long>(room_.size());
    guarded(failure_, [&] { write(image, quality); });
    if (written_ != room_.data()) return {written_, written_ + length_};
    room_.resize(length_);
    written_ = nullptr;
    return std::move(room_);
  }

 private:
  void write(gray_image const& image, int quality) {
    jpeg_mem_dest(&info_, &written_, &length_);
    info_.image_width = image.width;
    info_.image_height = image.height;
    info_.input_components = 1;
    info_.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    info_.optimize_coding = TRUE;
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      // libjpeg only reads here; its interface predates const.
      auto row = const_cast<JSAMPROW>(image.pixels.data() +
                                      std::size_t{info_.next_scanline} * image.width);
      jpeg_write_scanlines(&info_, &row, 1);
    }
    jpeg_finish_compress(&info_);
  }

  jpeg_compress_struct info_{};
  failure_state failure_{};
  std::vector<std::uint8_t> room_;
  unsigned char* written_ = nullptr;  // room_'s, or libjpeg's own if that was too small
  unsigned long length_ = 0;
};

}  // namespace

decoded_image decode_jpeg(std::span<std::uint8_t const> bytes, unsigned width) {
  return jpeg_decoder(bytes).decode(width);
}

std::vector<std::uint8_t> encode_jpeg(gray_image const& image, int quality) {
  if (image.width > JPEG_MAX_DIMENSION || image.height > JPEG_MAX_DIMENSION) {
    throw image_error(image_status::failed,
                      "too large for JPEG: " + std::to_string(image.width) + " x " +
                          std::to_string(image.height) + " pixels, and a side may have " +
                          std::to_string(JPEG_MAX_DIMENSION) + "; choose a smaller width");
  }
  return jpeg_encoder().encode(image, quality);
}

}  // namespace quartet::jobs::detail
