// SPDX-License-Identifier: Apache-2.0
// Executors whose kind is chosen at run time.
#pragma once

#include <memory>

#include <quartet/core/executor.hpp>
#include <quartet/wire/border.hpp>

namespace quartet {

/// Owns an executor, or refers to one; calls given to it are given to that one.
/// Threads: as the executor inside. Stop: likewise. Errors: likewise.
/// Lifetime: one that was given by reference outlives it; one it owns ends with it.
template <class Border> class basic_any_executor : public executor_members<Border> {
  /// Every executor takes calls that can be sent; only in-process ones take any callable.
  template <class Other> static constexpr bool fits =
      std::same_as<Border, sendable_border> || std::same_as<Other, Border>;

 public:
  explicit basic_any_executor(std::unique_ptr<executor_base> own) noexcept
      : own_(std::move(own)), inside_(own_.get()) {}

  template <class Other>
  requires(fits<Other> && !std::derived_from<executor_members<Other>, basic_any_executor>)
      basic_any_executor(executor_members<Other>& e)
  noexcept : inside_(&e.target()) {}  // NOLINT

  basic_any_executor(basic_any_executor&& other) noexcept
      : own_(std::move(other.own_)), inside_(other.inside_) {}

  executor_base& target() noexcept override { return *inside_; }
  void start(call& c) noexcept override { inside_->start(c); }
  void raise(call& c, priority to) noexcept override { inside_->raise(c, to); }
  timer_service& timers() noexcept override { return inside_->timers(); }
  descriptor_service* descriptors() override { return inside_->descriptors(); }
  bool driven() const noexcept override { return inside_->driven(); }
  void drive(seam::atomic<bool> const& done, time_point deadline) override {
    inside_->drive(done, deadline);
  }
  void drive_to_end(seam::atomic<bool> const& done) noexcept override {
    inside_->drive_to_end(done);
  }
  void count_in() noexcept override { inside_->count_in(); }
  void count_out() noexcept override { inside_->count_out(); }

 private:
  std::unique_ptr<executor_base> own_;  // null: refers to one that lives elsewhere
  executor_base* inside_;
};

/// Any model. Takes calls that can be sent to another process, since it may be `processes`.
using any_executor = basic_any_executor<sendable_border>;
/// A model in this process: sync, async, threads, sim. Takes any callable.
using any_local_executor = basic_any_executor<any_call>;

}  // namespace quartet
