// SPDX-License-Identifier: Apache-2.0
// Tells each observer of each stuck call, and prints each place once.
#include "reporter.hpp"

#include <cstdio>
#include <set>

namespace quartet::detail::pool {

namespace {

/// What was printed. A program with many such places needs no more of them.
class printed_once {
 public:
  void print(stuck_call const& call, std::string const& text) {
    if (keys_.size() == most || !keys_.insert(call.key()).second) return;
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
  }

 private:
  static constexpr std::size_t most = 16;
  std::set<std::string> keys_;
};

}  // namespace

void reporter::tell(std::shared_ptr<ward> w, stuck_call call) {
  seam::guard const g(guard_);
  if (!started_) thread_ = seam::thread([this] { live(); }, "quartet reports");
  started_ = true;
  waiting_.push_back({std::move(w), std::move(call)});
  bell_.notify_one();
}

void reporter::live() noexcept {
  os::code_places places;
  printed_once printed;
  for (;;) {
    seam::guard g(guard_);
    while (waiting_.empty()) bell_.wait(guard_);
    entry const next = std::move(waiting_.front());
    waiting_.pop_front();
    g.unlock();
    try {
      std::string const text = next.call.text(places);
      if (!next.from->observe(next.call, text)) printed.print(next.call, text);
    } catch (...) {  // no memory for words
    }
    next.from->told();
  }
}

}  // namespace quartet::detail::pool
