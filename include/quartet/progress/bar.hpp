// SPDX-License-Identifier: Apache-2.0
// Progress as a line of text: a bar on a terminal, plain lines elsewhere.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <quartet/progress/meter.hpp>
#include <quartet/seam/mutex.hpp>

namespace quartet {

/// How progress is shown.
/// Threads: a value. Stop: not concerned. Errors: none. Lifetime: `what` is a literal.
struct progress_style {
  bool terminal = false;            ///< a bar that is drawn over itself; else a line now and then
  unsigned columns = 80;            ///< width of the terminal
  std::string_view what = "items";  ///< "images"
};

/// `s` as a bar of at most `columns` columns, "images [####    ] 120/1000  43/s  20 s left".
std::string draw_bar(progress_snapshot const& s, progress_style const& style);
/// `s` as a line for a log.
std::string draw_line(progress_snapshot const& s, progress_style const& style);
/// "20 s", "3 min 5 s", "2 h 4 min".
std::string short_time(duration d);

/// A meter that shows itself while pieces end: at most ten times a second on a terminal, every ten
/// seconds elsewhere.
/// Threads: as its meter; `write` is called by one thread at a time.
/// Stop: shows what has ended. Errors: `write` must not throw.
/// Lifetime: `finish`, or the destructor, clears the bar; outlives the work.
class progress_bar : public progress_meter {
 public:
  using write_function = std::function<void(std::string_view)>;
  progress_bar(progress_style style, write_function write);
  ~progress_bar() override { finish(); }

  void on_ended(ending how) noexcept override;
  /// Writes `line` above the bar, with its end of line.
  void say(std::string_view line);
  /// Takes the bar away. Further pieces are counted and not shown.
  void finish() noexcept;

 private:
  void show(std::string_view text);

  progress_style const style_;
  duration const interval_;
  seam::atomic<duration::rep> next_;  // when to show again, in nanoseconds of the clock
  seam::mutex guard_;                 // guards the fields below
  write_function write_;
  bool drawn_ = false;  // a bar stands in the last line of the terminal
  bool finished_ = false;
};

}  // namespace quartet
