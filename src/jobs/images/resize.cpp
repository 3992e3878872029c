// SPDX-License-Identifier: Apache-2.0
// Separable Lanczos-3: first down the columns into one float row, then along that row.
//
// Vertical first, because its inner loop runs along rows (contiguous, no shuffles) and touches the
// many source pixels, which leaves the horizontal pass only the few finished rows.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/resize.hpp>

namespace quartet::jobs {

namespace {

constexpr double lobes = 3;

double lanczos(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= lobes) return 0;
  double const t = x * std::numbers::pi;
  return lobes * std::sin(t) * std::sin(t / lobes) / (t * t);
}

/// Which source samples make one result sample, and by how much; the weights add up to 1.
struct taps {
  std::size_t first;
  std::vector<float> weights;
};

std::vector<taps> make_taps(unsigned source, unsigned result, double covers) {
  double const step = covers / result;
  double const stretch = std::max(step, 1.0);  // shrinking widens the kernel, enlarging does not
  double const reach = lobes * stretch;
  std::vector<taps> all(result);
  std::vector<double> exact;
  for (unsigned i = 0; i < result; ++i) {
    double const centre = (i + 0.5) * step;
    auto const first = static_cast<std::size_t>(std::max(0.0, std::floor(centre - reach)));
    auto const last = static_cast<std::size_t>(std::min<double>(source, std::ceil(centre + reach)));
    exact.clear();
    double sum = 0;
    for (std::size_t j = first; j < last; ++j) {
      exact.push_back(lanczos((static_cast<double>(j) + 0.5 - centre) / stretch));
      sum += exact.back();
    }
    all[i].first = first;
    for (double weight : exact) all[i].weights.push_back(static_cast<float>(weight / sum));
  }
  return all;
}

/// The weighed sums down `count` neighbouring columns. The sums of a block stay in registers, which
/// is why its size is fixed; that also lets compilers vectorise it at any level.
template <std::size_t count> void sum_columns(std::uint8_t const* pixels, std::size_t stride,
                                              std::vector<float> const& weights, float* sums) {
  float block[count] = {};
  for (float const weight : weights) {
    for (std::size_t i = 0; i < count; ++i) block[i] += weight * static_cast<float>(pixels[i]);
    pixels += stride;
  }
  std::copy_n(block, count, sums);
}

void sum_row(gray_image const& image, taps const& row, float* sums) {
  constexpr std::size_t block = 32;
  std::size_t const width = image.width;
  std::uint8_t const* const pixels = image.pixels.data() + row.first * width;
  std::size_t x = 0;
  for (; x + block <= width; x += block) {
    sum_columns<block>(pixels + x, width, row.weights, sums + x);
  }
  for (; x < width; ++x) sum_columns<1>(pixels + x, width, row.weights, sums + x);
}

float weighed(float const* samples, std::vector<float> const& weights) {
  constexpr std::size_t block = 4;  // four sums: the order of additions is ours, not the compiler's
  float sums[block] = {};
  std::size_t const count = weights.size();
  std::size_t j = 0;
  for (; j + block <= count; j += block) {
    for (std::size_t i = 0; i < block; ++i) sums[i] += samples[j + i] * weights[j + i];
  }
  float sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  for (; j < count; ++j) sum += samples[j] * weights[j];
  return sum;
}

std::uint8_t to_level(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5f, 0.0f, 255.0f));
}

void require_sides(gray_image const& image, resize_options const& to) {
  bool const whole = image.pixels.size() == std::size_t{image.width} * image.height;
  if (whole && image.width > 0 && image.height > 0 && to.width > 0 && to.height > 0) return;
  auto sides = [](unsigned w, unsigned h) { return std::to_string(w) + " x " + std::to_string(h); };
  throw image_error(image_status::failed, "cannot resize " + sides(image.width, image.height) +
                                              " pixels, held in " +
                                              std::to_string(image.pixels.size()) + " bytes, to " +
                                              sides(to.width, to.height) + "; no side may be 0");
}

double covered(double wanted, unsigned side) {
  return wanted > 0 ? std::min<double>(wanted, side) : side;
}

}  // namespace

gray_image resize(gray_image const& image, resize_options const& to) {
  require_sides(image, to);
  auto const columns = make_taps(image.width, to.width, covered(to.covers_width, image.width));
  auto const rows = make_taps(image.height, to.height, covered(to.covers_height, image.height));
  gray_image result{.width = to.width, .height = to.height};
  result.pixels.reserve(std::size_t{to.width} * to.height);
  std::vector<float> sums(image.width);
  for (taps const& row : rows) {
    sum_row(image, row, sums.data());
    for (taps const& column : columns) {
      result.pixels.push_back(to_level(weighed(&sums[column.first], column.weights)));
    }
  }
  return result;
}

unsigned height_at_width(unsigned full_width, unsigned full_height, unsigned width) noexcept {
  std::uint64_t const doubled = std::uint64_t{2} * full_height * width;
  std::uint64_t const rounded = (doubled + full_width) / (std::uint64_t{2} * full_width);
  return static_cast<unsigned>(std::max<std::uint64_t>(rounded, 1));
}

}  // namespace quartet::jobs
