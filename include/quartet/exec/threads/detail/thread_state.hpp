// SPDX-License-Identifier: Apache-2.0
// The part of a plain thread that does not depend on what it runs.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <quartet/core/stop.hpp>
#include <quartet/seam/home_process.hpp>
#include <quartet/seam/thread.hpp>

namespace quartet::detail {

/// A thread with its stop scope. Counted by the scope's references: the owner's, and tokens.
/// Threads: `run` in the thread; everything else by the owner. Stop: it is a stop_state.
/// Errors: kept for `join`. Lifetime: counted; joined before the owner lets go.
class thread_state : public stop_state {
 public:
  /// The handle: stops and joins at its end.
  /// Threads: one owner; `stop` and `stop_requested` from any. Stop: asks for one at its end.
  /// Errors: see `join`. Lifetime: outlives its thread.
  class owner {
   public:
    owner() noexcept = default;
    owner(owner&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
    owner& operator=(owner&& other) noexcept {
      if (this != &other) {
        end();
        state_ = std::exchange(other.state_, nullptr);
      }
      return *this;
    }
    ~owner() { end(); }

    bool joinable() const noexcept { return state_ != nullptr; }
    void join();
    bool stop() noexcept { return state_ != nullptr && state_->request(); }
    bool stop_requested() const noexcept { return state_ != nullptr && state_->requested(); }

   protected:
    /// Takes `s` over and starts it. Errors: std::system_error.
    void begin(thread_state* s);

   private:
    std::exception_ptr wait() noexcept;
    void end() noexcept;
    thread_state* state_ = nullptr;  // null: nothing to join
  };

 protected:
  thread_state(place w, std::string name) : where_(w), name_(std::move(name)) {}
  virtual void run() = 0;
  stop_token token() noexcept { return stop_token(this); }

 private:
  void live() noexcept;

  place const where_;
  std::string const name_;
  watched<std::exception_ptr> error_;  // written by the thread, read after the join
  seam::thread thread_;
  seam::home_process process_;
};

}  // namespace quartet::detail
