// SPDX-License-Identifier: Apache-2.0
// Drawing progress.
#include <algorithm>
#include <cmath>

#include <quartet/progress/bar.hpp>

namespace quartet {

namespace {

constexpr std::string_view clear_line = "\r\x1b[K";

std::string number(double x) {
  if (x >= 10) return std::to_string(std::llround(x));
  long long const tenths = std::llround(x * 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string counts(progress_snapshot const& s) {
  std::string text = std::to_string(s.ended) + "/" + std::to_string(s.total);
  if (s.failed != 0) text += ", " + std::to_string(s.failed) + " failed";
  if (s.rate > 0) text += "  " + number(s.rate) + "/s";
  if (s.rate > 0 && s.ended < s.total) text += "  " + short_time(s.left) + " left";
  return text;
}

}  // namespace

std::string short_time(duration d) {
  auto const seconds = std::chrono::ceil<std::chrono::seconds>(d).count();
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600)
    return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
}

std::string draw_bar(progress_snapshot const& s, progress_style const& style) {
  std::string const before = std::string(style.what) + " [", after = "] " + counts(s);
  std::size_t const used = before.size() + after.size();
  std::size_t const columns = std::max<std::size_t>(style.columns, 20) - 1;  // no wrap at the edge
  if (used + 4 > columns) return counts(s).substr(0, columns);
  std::size_t const width = std::min<std::size_t>(columns - used, 40);
  std::size_t const full = s.total == 0 ? 0 : width * s.ended / s.total;
  return before + std::string(full, '#') + std::string(width - full, ' ') + after;
}

std::string draw_line(progress_snapshot const& s, progress_style const& style) {
  return std::string(style.what) + ": " + counts(s);
}

progress_bar::progress_bar(progress_style style, write_function write)
    : style_(style),
      interval_(style.terminal ? std::chrono::milliseconds(100) : std::chrono::seconds(10)),
      next_((clock::now() + interval_).time_since_epoch().count()),
      write_(std::move(write)) {}

void progress_bar::on_ended(ending how) noexcept {
  progress_meter::on_ended(how);
  auto const now = clock::now().time_since_epoch().count();
  auto due = next_.load(seam::relaxed);
  // Whoever moves the time on shows; nobody else waits for it.
  if (now < due ||
      !next_.compare_exchange(due, now + interval_.count(), seam::relaxed, seam::relaxed))
    return;
  progress_snapshot const s = look();
  show(style_.terminal ? std::string(clear_line) + draw_bar(s, style_)
                       : draw_line(s, style_) + "\n");
}

void progress_bar::show(std::string_view text) {
  seam::guard g(guard_);
  if (finished_) return;
  write_(text);
  drawn_ = style_.terminal;
}

void progress_bar::say(std::string_view line) {
  seam::guard g(guard_);
  std::string text(std::exchange(drawn_, false) ? clear_line : "");
  write_(text.append(line).append("\n"));
}

void progress_bar::finish() noexcept {
  seam::guard g(guard_);
  finished_ = true;
  if (std::exchange(drawn_, false)) write_(clear_line);
}

}  // namespace quartet
