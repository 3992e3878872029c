// SPDX-License-Identifier: Apache-2.0
// Births and deaths of workers, and of the zygote.
//
// A worker that dies is replaced at once, so the pool keeps its size. Only if several in a row die
// before they have begun to work is something wrong with starting them: then what waits fails, and
// the next call tries again.
#include <algorithm>
#include <errno.h>
#include <stdexcept>
#include <string>
#include <system_error>

#include <quartet/base/new_error.hpp>
#include <quartet/exec/processes/worker_died.hpp>

#include "supervisor.hpp"

namespace quartet::detail::processes {

namespace {

constexpr unsigned failed_starts_max = 5;
constexpr std::chrono::seconds farewell{1};  // time that idle workers have to leave by themselves

std::exception_ptr no_worker_begins(worker& w) {
  std::string text = "worker processes end before they begin to work, " +
                     std::to_string(failed_starts_max) + " in a row; the last one ";
  if (w.fork_error() != 0)
    text += "could not be forked: " + std::system_category().message(w.fork_error());
  else if (w.ended()->signalled)
    text += "was ended by signal " + std::to_string(w.ended()->code);
  else
    text += "exited with code " + std::to_string(w.ended()->code);
  return new_error<std::runtime_error>(text +
                                       "; look at what static initialisers of this program do");
}

}  // namespace

void supervisor::make_worker() {
  if (zygote_ == nullptr) {
    zygote_ = zygote::get(std::max(1U, processors_ / limit_));
    loop_.watch(zygote_->process().descriptor(), os::interest::readable, zygote_watch_);
  }
  workers_.emplace_back(*this, zygote_, bell_);
  wanted_ = std::max<unsigned>(wanted_, static_cast<unsigned>(workers_.size()));
}

worker* supervisor::start_worker() noexcept {
  for (int attempt = 0; attempt < 2; ++attempt) try {
      make_worker();
      return &workers_.back();
    } catch (std::system_error const& e) {
      start_error_ = std::current_exception();
      if (e.code().value() != EPIPE) break;
      forget_zygote();  // it has just died
    } catch (...) {
      start_error_ = std::current_exception();
      break;
    }
  wanted_ = static_cast<unsigned>(workers_.size());
  return nullptr;
}

// No worker can be had: everything that waits for one fails.
void supervisor::give_up(std::exception_ptr error) noexcept {
  wanted_ = 0;
  failed_starts_ = 0;
  {
    seam::guard g(inbox_lock_);
    if (warm_wanted_) {
      warm_wanted_ = false;
      warm_error_ = error;
      warmed_.notify_all();
    }
  }
  fail_all(std::move(error));
}

void supervisor::refill() noexcept {
  while (workers_.size() < wanted_)
    if (start_worker() == nullptr) break;
  if (start_error_ != nullptr && workers_.empty()) give_up(std::exchange(start_error_, nullptr));
}

void supervisor::bury_dead() noexcept {
  for (auto w = workers_.begin(); w != workers_.end();) {
    if (!w->ended().has_value()) {
      ++w;
      continue;
    }
    bury(*w);
    loop_.unwatch(w->watch);
    w = workers_.erase(w);
  }
}

void supervisor::bury(worker& w) noexcept {
  collect(w);
  channel& c = w.channel();
  for (std::uint64_t p = c.first(); p < c.end(); ++p) {
    worker::item const it = std::exchange(w.at(p), {});
    if (it.of == nullptr) continue;
    // The process may live on unknown to us, if its start was never told: it must not begin what
    // is given to another.
    if (c.revoke(p) || c.at(p).state.load(seam::acquire) != claimed) {
      came_back(*it.of, it.index);
      continue;
    }
    back_from_worker(*it.of);
    if (it.ended_for == worker::reason::timeout) {
      settle_failed(*it.of, it.index, it.index + 1, ending::timed_out, nullptr);
    } else if (it.ended_for == worker::reason::stop) {
      settle_failed(*it.of, it.index, it.index + 1, ending::stopped, nullptr);
    } else {
      item_failed(*it.of, it.index,
                  new_error<worker_died>(w.pid(), w.ended()->signalled ? w.ended()->code : 0,
                                         w.ended()->code, it.of->name()));
    }
  }
  failed_starts_ = c.alive() ? 0 : failed_starts_ + 1;
  if (failed_starts_ >= failed_starts_max) give_up(no_worker_begins(w));
}

void supervisor::forget_zygote() noexcept {
  if (zygote_ == nullptr) return;
  loop_.unwatch(zygote_watch_);
  for (worker& w : workers_) {
    if (&w.parent() != zygote_.get()) continue;
    try {
      w.read_line();  // it may have told the end before its own
    } catch (...) {   // then we do not know how it ended
    }
    w.orphaned();
  }
  zygote_.reset();
}

bool supervisor::end_workers() noexcept {
  {
    seam::guard g(inbox_lock_);
    if (!closing_) return false;
  }
  wanted_ = 0;
  time_point const now = clock::now();
  if (closing_since_ == never) closing_since_ = now;
  for (worker& w : workers_) {
    w.channel().close();
    if (now >= closing_since_ + farewell) w.kill();
  }
  if (!workers_.empty()) {
    if (now < closing_since_ + farewell)
      next_look_ = std::min(next_look_, closing_since_ + farewell);
    return false;
  }
  if (zygote_ != nullptr) loop_.unwatch(zygote_watch_);
  zygote_.reset();
  return true;
}

}  // namespace quartet::detail::processes
