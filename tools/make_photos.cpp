// SPDX-License-Identifier: Apache-2.0
// Makes photo-like JPEG files: make_photos DIR [--count 1000] [--seed 1] [--width 1600].
//
// The same seed gives the same bytes. A picture is a sum of what photographs consist of: light
// falling off from one side, clouds of value noise in five octaves (large shapes and fine texture),
// ellipses and slanted edges in colours of their own, and grain. Everything is whole-number
// arithmetic, so that no compiler or processor gives other bytes; libjpeg's default transform is
// exact on all of them too. Pixels are made in YCbCr, which saves the conversion. Each file carries
// its parameters in a comment, by which a later run knows that it need not be made again.
#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <jpeglib.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct options {
  std::string folder;
  unsigned count = 1000;
  std::uint64_t seed = 1;
  unsigned width = 1600;
};

/// SplitMix64: small, fast, and the same everywhere.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  /// From `low` to `high`, both possible.
  int between(int low, int high) {
    return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
  }

 private:
  std::uint64_t state_;
};

/// Value noise: random levels on a grid, linear in between.
class noise_octave {
 public:
  noise_octave(random_source& random, int width, int height, int cell, int strength)
      : cell_(cell), columns_(width / cell + 2) {
    grid_.resize(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(height / cell + 2));
    for (auto& level : grid_) level = random.between(-strength, strength);
    edge_.resize(static_cast<std::size_t>(columns_));
  }

  /// Adds row `y` to `sum`, in 256ths of a level.
  void add(int y, std::vector<int>& sum) {
    int const* above = grid_.data() + std::ptrdiff_t{y / cell_} * columns_;
    int const* below = above + columns_;
    int const down = y % cell_;
    for (int i = 0; i < columns_; ++i) {
      edge_[static_cast<std::size_t>(i)] =
          (above[i] * (cell_ - down) + below[i] * down) * 256 / cell_;
    }
    int const width = static_cast<int>(sum.size());
    for (int x = 0, i = 0; x < width; x += cell_, ++i) {
      int const left = edge_[static_cast<std::size_t>(i)];
      int const step = (edge_[static_cast<std::size_t>(i) + 1] - left) / cell_;
      int const end = std::min(cell_, width - x);
      for (int k = 0; k < end; ++k) sum[static_cast<std::size_t>(x + k)] += left + step * k;
    }
  }

 private:
  int cell_;
  int columns_;
  std::vector<int> grid_;
  std::vector<int> edge_;  // the grid's columns at one row
};

struct colour {
  int y, cb, cr;
};

/// An ellipse, or everything to the right of a slanted line, laid over what is there.
struct shape {
  bool is_edge;
  int x, y, width, height;  // of an edge: where it starts and how it leans
  colour tint;

  /// The columns of row `row` that it covers.
  std::array<int, 2> span(int row, int columns) const {
    if (is_edge) return {std::clamp(x + (row - y) * width / height, 0, columns), columns};
    std::int64_t const down = row - y;
    std::int64_t const rest = std::int64_t{height} * height - down * down;
    if (rest <= 0) return {0, 0};
    std::int64_t const square = rest * width * width / (std::int64_t{height} * height);
    std::int64_t root = 0;
    for (std::int64_t bit = 1 << 14; bit > 0; bit /= 2) {
      if ((root + bit) * (root + bit) <= square) root += bit;
    }
    int const reach = static_cast<int>(root);
    return {std::clamp(x - reach, 0, columns), std::clamp(x + reach, 0, columns)};
  }
};

/// Film grain, made once and laid over each row at another place.
class grain {
 public:
  explicit grain(std::uint64_t seed) : levels_(size) {
    random_source random(seed);
    for (auto& level : levels_) {
      int const first = random.between(-4, 4);
      level = static_cast<std::int8_t>(first + random.between(-4, 4));
    }
  }

  std::int8_t const* row(random_source& random, int width) const {
    return levels_.data() + random.next() % (size - static_cast<std::size_t>(width));
  }

 private:
  static constexpr std::size_t size = 1 << 17;
  std::vector<std::int8_t> levels_;
};

std::uint8_t to_byte(int level) { return static_cast<std::uint8_t>(std::clamp(level, 0, 255)); }

/// A picture, made row by row.
class scene {
 public:
  scene(random_source const& random, grain const& film, int width, int height)
      : random_(random), film_(film), width_(width), height_(height) {
    base_.y = random_.between(70, 170);
    base_.cb = random_.between(108, 148);
    base_.cr = random_.between(108, 148);
    light_x_ = random_.between(-60, 60);
    light_y_ = random_.between(-60, 60);
    luma_.emplace_back(random_, width, height, width / 4, 40);
    luma_.emplace_back(random_, width, height, width / 12, 26);
    luma_.emplace_back(random_, width, height, 48, 18);
    luma_.emplace_back(random_, width, height, 12, 12);
    luma_.emplace_back(random_, width, height, 4, 9);
    blue_.emplace_back(random_, width, height, width / 5, 16);
    red_.emplace_back(random_, width, height, width / 6, 16);
    for (int i = random_.between(6, 14); i > 0; --i) shapes_.push_back(random_shape());
    levels_.resize(static_cast<std::size_t>(width));
  }

  /// Interleaved YCbCr.
  void make_row(int y, std::vector<std::uint8_t>& row) {
    fill(luma_, y, base_.y + light_y_ * y / height_, light_x_, &colour::y);
    std::int8_t const* film = film_.row(random_, width_);
    for (std::size_t x = 0; x < levels_.size(); ++x) {
      row[3 * x] = to_byte((levels_[x] >> 8) + film[x]);
    }
    fill(blue_, y, base_.cb, 0, &colour::cb);
    for (std::size_t x = 0; x < levels_.size(); ++x) row[3 * x + 1] = to_byte(levels_[x] >> 8);
    fill(red_, y, base_.cr, 0, &colour::cr);
    for (std::size_t x = 0; x < levels_.size(); ++x) row[3 * x + 2] = to_byte(levels_[x] >> 8);
  }

 private:
  shape random_shape() {
    shape made{};
    made.is_edge = random_.between(0, 3) == 0;
    made.tint.y = random_.between(-70, 70);
    made.tint.cb = random_.between(-40, 40);
    made.tint.cr = random_.between(-40, 40);
    made.x = random_.between(0, width_);
    made.y = random_.between(0, height_);
    made.width =
        made.is_edge ? random_.between(-width_, width_) : random_.between(width_ / 40, width_ / 5);
    made.height = made.is_edge ? height_ : std::max(1, random_.between(height_ / 40, height_ / 4));
    return made;
  }

  /// One channel of one row into `levels_`.
  void fill(std::vector<noise_octave>& octaves, int y, int base, int slope, int colour::*channel) {
    for (int x = 0; x < width_; ++x) {
      levels_[static_cast<std::size_t>(x)] = base * 256 + slope * 256 * x / width_;
    }
    for (auto& octave : octaves) octave.add(y, levels_);
    for (shape const& each : shapes_) {
      auto const [from, to] = each.span(y, width_);
      int const change = each.tint.*channel * 256;
      for (int x = from; x < to; ++x) levels_[static_cast<std::size_t>(x)] += change;
    }
  }

  random_source random_;
  grain const& film_;
  int width_;
  int height_;
  colour base_{};
  int light_x_ = 0;
  int light_y_ = 0;
  std::vector<noise_octave> luma_, blue_, red_;
  std::vector<shape> shapes_;
  std::vector<int> levels_;  // of one channel in one row, in 256ths
};

struct file_closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// libjpeg's standard error manager ends the program with a message, which suits a tool.
void write_jpeg(std::string const& path, scene& picture, int width, int height,
                std::string const& comment) {
  std::unique_ptr<std::FILE, file_closer> file(std::fopen(path.c_str(), "wb"));
  if (!file) throw std::runtime_error("cannot write " + path + "; choose another folder");
  jpeg_compress_struct info;
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  jpeg_stdio_dest(&info, file.get());
  info.image_width = static_cast<JDIMENSION>(width);
  info.image_height = static_cast<JDIMENSION>(height);
  info.input_components = 3;
  info.in_color_space = JCS_YCbCr;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 85, TRUE);
  jpeg_start_compress(&info, TRUE);
  jpeg_write_marker(&info, JPEG_COM, reinterpret_cast<JOCTET const*>(comment.data()),
                    static_cast<unsigned>(comment.size()));
  std::vector<std::uint8_t> row(static_cast<std::size_t>(width) * 3);
  for (int y = 0; y < height; ++y) {
    picture.make_row(y, row);
    JSAMPROW rows[] = {row.data()};
    jpeg_write_scanlines(&info, rows, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  if (std::fflush(file.get()) != 0 || std::ferror(file.get()) != 0) {
    throw std::runtime_error("cannot write " + path + "; is the disk full?");
  }
}

/// Whether `path` was made with these parameters. Files appear by renaming, so it is whole then.
bool is_there(std::string const& path, std::string const& comment) {
  constexpr std::size_t headers = 256;
  std::ifstream file(path, std::ios::binary);
  std::string start(headers, '\0');
  file.read(start.data(), headers);
  return start.find(comment) != std::string::npos;
}

/// True if it had to be made.
bool make_photo(options const& wanted, grain const& film, unsigned index) {
  constexpr std::array<std::array<int, 2>, 4> ratios{{{3, 4}, {2, 3}, {9, 16}, {4, 5}}};
  random_source random(wanted.seed * 1'000'003 + index);
  int const width = static_cast<int>(wanted.width) * random.between(90, 110) / 100;
  auto const [high, wide] = ratios[random.next() % ratios.size()];
  int const height = width * high / wide;
  std::string number = std::to_string(index + 1);
  number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
  std::string const path = wanted.folder + "/photo-" + number + ".jpg";
  std::string const comment = "make_photos 1, seed " + std::to_string(wanted.seed) + ", number " +
                              number + ", " + std::to_string(width) + " x " +
                              std::to_string(height) + ";";
  if (is_there(path, comment)) return false;
  scene picture(random, film, width, height);
  std::string const unfinished = wanted.folder + "/.photo-" + number + ".part";
  write_jpeg(unfinished, picture, width, height, comment);
  fs::rename(unfinished, path);
  return true;
}

void make_all(options const& wanted) {
  grain const film(wanted.seed);
  std::atomic<unsigned> next = 0, done = 0, made = 0;
  std::atomic<bool> failed = false;
  std::string problem;  // written by the one thread that set `failed`
  auto work = [&] {
    try {
      for (unsigned i = next++; i < wanted.count && !failed; i = next++) {
        if (make_photo(wanted, film, i)) ++made;
        unsigned const now = ++done;
        if (now % 50 == 0) std::fprintf(stderr, "\rphotos: %u of %u", now, wanted.count);
      }
    } catch (std::exception const& error) {
      if (!failed.exchange(true)) problem = error.what();
    }
  };
  {
    std::vector<std::jthread> threads;
    unsigned const workers = std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < std::min(workers, wanted.count); ++i) threads.emplace_back(work);
  }
  if (failed) throw std::runtime_error(problem);
  std::fprintf(stderr, "\rphotos: %u made, %u were there, in %s\n", made.load(),
               wanted.count - made, wanted.folder.c_str());
}

template <class T> T number(std::string_view name, std::string_view text, T low, T high) {
  T value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= low && value <= high) {
    return value;
  }
  throw std::invalid_argument(std::string(name) + " takes a number from " + std::to_string(low) +
                              " to " + std::to_string(high) + ", not '" + std::string(text) + "'");
}

options parse(std::vector<std::string_view> const& words) {
  options wanted;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view const word = words[i];
    if (!word.starts_with("--")) {
      wanted.folder = word;
      continue;
    }
    std::string_view const value = i + 1 < words.size() ? words[++i] : "";
    if (word == "--count") {
      wanted.count = number(word, value, 1u, 1'000'000u);
    } else if (word == "--seed") {
      wanted.seed = number(word, value, std::uint64_t{0}, std::uint64_t{1} << 40);
    } else if (word == "--width") {
      wanted.width = number(word, value, 64u, 8000u);
    } else {
      throw std::invalid_argument("unknown option " + std::string(word));
    }
  }
  if (wanted.folder.empty()) throw std::invalid_argument("no folder is named");
  return wanted;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    options const wanted = parse({argv + 1, argv + argc});
    fs::create_directories(wanted.folder);
    make_all(wanted);
    return EXIT_SUCCESS;
  } catch (std::invalid_argument const& error) {
    std::fprintf(stderr, "make_photos: %s\n", error.what());
    std::fprintf(stderr, "usage: make_photos DIR [--count 1000] [--seed 1] [--width 1600]\n");
    return 2;
  } catch (std::exception const& error) {
    std::fprintf(stderr, "make_photos: %s\n", error.what());
    return 1;
  }
}
