// SPDX-License-Identifier: Apache-2.0
// A machine on which threads are fibers, time is virtual, and a seed decides who goes on.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <quartet/base/random.hpp>
#include <quartet/exec/sim/detail/fiber.hpp>
#include <quartet/exec/sim/detail/strategy.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::detail::sim {

/// How a simulated run ended.
enum class verdict : unsigned char {
  ended,     ///< every thread has
  deadlock,  ///< threads wait for each other, or for nobody
  endless,   ///< more steps than allowed
};

/// A thread that had not ended, and what it waited for.
struct unfinished {
  std::string name;
  seam::operation last;  ///< the operation at which it stood
};

/// What a run was like. Two runs with one seed are alike in all of it.
struct outline {
  verdict how = verdict::ended;
  std::uint64_t points = 0;      ///< scheduling points passed
  std::uint64_t switches = 0;    ///< of which so many went on in another thread
  std::uint64_t trace_hash = 0;  ///< of who did what, in order
  duration time{};               ///< virtual time passed
  std::vector<unfinished> left;
};

/// Runs a body, and all threads that it starts, in the calling thread alone. Before each operation
/// of the seam the seed decides whose turn it is. Time moves only when nobody can go on, to the
/// next deadline. A yielding thread is passed over once.
/// Threads: belongs to one thread; what runs inside may be any code on the seam.
/// Stop: not concerned. Errors: std::system_error if there is no memory for stacks; starting a
/// process gives ENOSYS.
/// Lifetime: of one run. What a run that did not end had on its stacks is never destroyed.
class world final : public seam::machine {
 public:
  static constexpr std::uint64_t many_points = 1'000'000;

  explicit world(std::uint64_t seed, plan const& p = {}, std::uint64_t points_max = many_points);
  ~world() override;

  /// Once. `body(argument)` is the first thread.
  outline run(void (*body)(void*), void* argument);
  template <class F> outline run(F&& body) {
    return run([](void* f) { (*static_cast<std::remove_reference_t<F>*>(f))(); }, &body);
  }

  void at(seam::operation const& o) noexcept override;
  seam::wake futex_wait(std::uint32_t const* word, std::uint32_t expected,
                        time_point deadline) noexcept override;
  void futex_wake(std::uint32_t const* word, int count) noexcept override;
  time_point now() noexcept override { return now_; }
  std::uint64_t entropy() noexcept override { return bits_.next(); }
  seam::thread_handle* start_thread(void (*body)(void*), void* argument, char const* name) override;
  void join_thread(seam::thread_handle* t) noexcept override;
  void yield_thread() noexcept override;
  int poll(int poller, epoll_event* events, int capacity, time_point deadline) noexcept override;
  std::ptrdiff_t write(int fd, void const* from, std::size_t size) noexcept override;
  std::ptrdiff_t send(int fd, msghdr const* message, int flags) noexcept override;
  seam::process_handle start_process(seam::process_plan const&) noexcept override;

 private:
  struct strand;

  strand& make_strand(void (*body)(void*), void* argument, char const* name);
  void go_on(bool with_me) noexcept;
  seam::wake park(void const* on, time_point deadline) noexcept;
  void unpark(strand& s, seam::wake how) noexcept;
  void wake_pollers() noexcept;
  bool pass_time() noexcept;
  strand* next_or_end() noexcept;
  [[noreturn]] void end_strand() noexcept;
  void switch_to(strand& next) noexcept;

  std::size_t choose(bool with_me) noexcept;

  std::unique_ptr<strategy> const strategy_;
  bool const gang_start_;
  random_stream choices_;  // other than whose turn it is
  random_stream bits_;     // for entropy: what a program asks for must not shift the choices
  std::uint64_t const points_max_;
  time_point now_;
  fiber outside_;
  std::list<strand> strands_;          // in the order of their start, with those that have ended
  std::vector<strand*> ready_;         // can go on; the running one is not among them
  std::vector<candidate> candidates_;  // for the strategy, made anew at each point
  strand* running_ = nullptr;          // null: outside
  std::size_t alive_ = 0;              // strands not ended
  outline outline_;
};

}  // namespace quartet::detail::sim
