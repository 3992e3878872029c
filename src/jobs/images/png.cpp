// SPDX-License-Identifier: Apache-2.0
// PNG through libpng.
//
// libpng reports errors by longjmp, as libjpeg does; the same rule keeps this sound: it is called
// only inside `guarded`, whose callables hold no object with a destructor.
#include "png.hpp"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <png.h>
#include <string>
#include <utility>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/limits.hpp>

#include "luma.hpp"
#include "metadata.hpp"

namespace quartet::jobs::detail {

namespace {

struct failure_state {
  std::jmp_buf jump;
  char text[200];
};

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  auto* state = static_cast<failure_state*>(png_get_error_ptr(png));
  std::snprintf(state->text, sizeof state->text, "%s", text);
  std::longjmp(state->jump, 1);
}

void on_warning(png_structp, png_const_charp) {}  // about chunks that do not change the pixels

template <class F> void guarded(failure_state& state, F const& f) {
  if (setjmp(state.jump) != 0) damaged(state.text);
  f();
}

std::uint64_t big_endian_32(std::span<std::uint8_t const> bytes, std::size_t at) {
  return std::uint64_t{bytes[at]} << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
}

/// Before libpng, which has other limits and would name none of the numbers.
void require_allowed_header(std::span<std::uint8_t const> bytes) {
  constexpr std::size_t name_at = 12;
  constexpr std::size_t header_end = 33;  // signature, length, "IHDR", 13 bytes, checksum
  if (bytes.size() < header_end || std::memcmp(bytes.data() + name_at, "IHDR", 4) != 0) {
    damaged("it has no PNG header");
  }
  require_allowed_size(big_endian_32(bytes, 16), big_endian_32(bytes, 20));
}

class png_decoder {
 public:
  explicit png_decoder(std::span<std::uint8_t const> bytes) : bytes_(bytes) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure_, on_error, on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
  }
  png_decoder(png_decoder const&) = delete;
  png_decoder& operator=(png_decoder const&) = delete;
  ~png_decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }

  decoded_image decode() {
    require_allowed_header(bytes_);
    read_header();
    require_opaque();
    require_upright_chunk();
    require_srgb_chunk();
    require_plausible_length();
    decoded_image result{.image = {.width = width(), .height = height()},
                         .format = image_format::png,
                         .full_width = width(),
                         .full_height = height()};
    bool const interlaced = png_get_interlace_type(png_, info_) != PNG_INTERLACE_NONE;
    bool const colour = convert_to_8_bit();
    if (interlaced && colour) require_allowed_memory(std::uint64_t{width()} * height() * 3);
    result.image.pixels.resize(std::size_t{width()} * height());
    if (!colour) {
      read_gray(result.image);
    } else if (interlaced) {
      read_interlaced_colour(result.image);
    } else {
      read_colour(result.image);
    }
    return result;
  }

 private:
  unsigned width() const { return png_get_image_width(png_, info_); }
  unsigned height() const { return png_get_image_height(png_, info_); }

  static void read_bytes(png_structp png, png_bytep to, std::size_t count) {
    auto* self = static_cast<png_decoder*>(png_get_io_ptr(png));
    if (count > self->bytes_.size() - self->position_) png_error(png, "it ends too early");
    std::memcpy(to, self->bytes_.data() + self->position_, count);
    self->position_ += count;
  }

  void read_header() {
    guarded(failure_, [this] {
      png_set_read_fn(png_, this, read_bytes);
      png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
      png_read_info(png_, info_);
    });
  }

  void require_opaque() const {
    if ((png_get_color_type(png_, info_) & PNG_COLOR_MASK_ALPHA) != 0) {
      not_yet_supported("an alpha channel");
    }
    if (png_get_valid(png_, info_, PNG_INFO_tRNS) != 0) not_yet_supported("a transparent colour");
  }

  void require_upright_chunk() const {
    png_bytep exif = nullptr;
    png_uint_32 length = 0;
    if (png_get_eXIf_1(png_, info_, &length, &exif) != 0) require_upright({exif, length});
  }

  void require_srgb_chunk() const {
    png_charp name = nullptr;
    png_bytep profile = nullptr;
    png_uint_32 length = 0;
    int compression = 0;
    if (png_get_valid(png_, info_, PNG_INFO_sRGB) != 0) return;
    if (png_get_iCCP(png_, info_, &name, &compression, &profile, &length) != 0) {
      require_srgb({profile, length});
    }
  }

  /// No deflate stream expands by more than this, so a larger claim is a lie that needs no memory.
  void require_plausible_length() const {
    constexpr std::uint64_t expansion_max = 1032;
    std::uint64_t const raw = std::uint64_t{png_get_rowbytes(png_, info_)} * height();
    if (raw / expansion_max <= bytes_.size()) return;
    damaged("its header claims " + std::to_string(width()) + " x " + std::to_string(height()) +
            " pixels, which " + std::to_string(bytes_.size()) + " bytes cannot hold");
  }

  /// True if the rows will be red, green, blue; else they will be gray.
  bool convert_to_8_bit() {
    auto const kind = png_get_color_type(png_, info_);
    guarded(failure_, [this, kind] {
      if (kind == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
      if (kind == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png_);
      png_set_scale_16(png_);
      passes_ = png_set_interlace_handling(png_);
      png_read_update_info(png_, info_);
    });
    return (kind & PNG_COLOR_MASK_COLOR) != 0;
  }

  void read_gray(gray_image& image) {
    guarded(failure_, [&] {
      for (int pass = 0; pass < passes_; ++pass) {
        for (unsigned y = 0; y < image.height; ++y) {
          png_read_row(png_, image.pixels.data() + std::size_t{y} * image.width, nullptr);
        }
      }
      png_read_end(png_, nullptr);
    });
  }

  void read_colour(gray_image& image) {
    std::vector<std::uint8_t> rgb(std::size_t{image.width} * 3);
    guarded(failure_, [&] {
      for (unsigned y = 0; y < image.height; ++y) {
        png_read_row(png_, rgb.data(), nullptr);
        luma_row(rgb.data(), image.width, image.pixels.data() + std::size_t{y} * image.width);
      }
      png_read_end(png_, nullptr);
    });
  }

  /// Interlacing spreads each row over the whole file, so all rows have to be there at once.
  void read_interlaced_colour(gray_image& image) {
    std::size_t const row = std::size_t{image.width} * 3;
    std::vector<std::uint8_t> rgb(row * image.height);
    guarded(failure_, [&] {
      for (int pass = 0; pass < passes_; ++pass) {
        for (unsigned y = 0; y < image.height; ++y) png_read_row(png_, &rgb[row * y], nullptr);
      }
      png_read_end(png_, nullptr);
    });
    luma_row(rgb.data(), image.pixels.size(), image.pixels.data());
  }

  std::span<std::uint8_t const> bytes_;
  std::size_t position_ = 0;  // in bytes_, of what libpng asks for next
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  int passes_ = 1;
  failure_state failure_{};
};

class png_encoder {
 public:
  png_encoder() {
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, &failure_, on_error, on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_write_struct(&png_, nullptr);
      throw std::bad_alloc();
    }
  }
  png_encoder(png_encoder const&) = delete;
  png_encoder& operator=(png_encoder const&) = delete;
  ~png_encoder() { png_destroy_write_struct(&png_, &info_); }

  std::vector<std::uint8_t> encode(gray_image const& image) {
    guarded(failure_, [&] {
      png_set_write_fn(png_, this, append, [](png_structp) {});
      png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
      png_set_IHDR(png_, info_, image.width, image.height, 8, PNG_COLOR_TYPE_GRAY,
                   PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
      png_write_info(png_, info_);
      for (unsigned y = 0; y < image.height; ++y) {
        png_write_row(png_, image.pixels.data() + std::size_t{y} * image.width);
      }
      png_write_end(png_, info_);
    });
    return std::move(written_);
  }

 private:
  static void append(png_structp png, png_bytep from, std::size_t count) {
    auto& written = static_cast<png_encoder*>(png_get_io_ptr(png))->written_;
    bool room = true;
    try {  // no exception may pass through libpng's frames
      written.insert(written.end(), from, from + count);
    } catch (std::exception const&) {
      room = false;
    }
    if (!room) png_error(png, "not enough memory for the result");
  }

  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  failure_state failure_{};
  std::vector<std::uint8_t> written_;
};

}  // namespace

decoded_image decode_png(std::span<std::uint8_t const> bytes) {
  return png_decoder(bytes).decode();
}

std::vector<std::uint8_t> encode_png(gray_image const& image) {
  return png_encoder().encode(image);
}

}  // namespace quartet::jobs::detail
