// SPDX-License-Identifier: Apache-2.0
// A machine on which threads are fibers, time is virtual, and a seed decides who goes on.
#pragma once

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

#include <quartet/exec/sim/detail/fiber.hpp>
#include <quartet/exec/sim/detail/mutant.hpp>
#include <quartet/exec/sim/detail/object.hpp>
#include <quartet/exec/sim/detail/outline.hpp>
#include <quartet/exec/sim/detail/ready_list.hpp>
#include <quartet/exec/sim/detail/shadow.hpp>
#include <quartet/exec/sim/detail/strand.hpp>
#include <quartet/exec/sim/detail/strategy.hpp>
#include <quartet/exec/sim/detail/tape.hpp>
#include <quartet/seam/machine.hpp>

namespace quartet::detail::sim {

/// How often something goes wrong that may, each time it could, in a hundred.
struct faults {
  unsigned points_percent = 0;       ///< a fault_point strikes
  unsigned memory_percent = 0;       ///< there is no memory for a coroutine
  unsigned slow_percent = 0;         ///< a thread takes its time before an operation
  unsigned surprises = no_surprise;  ///< which kinds there are, at a fixed rate
};

/// How one run is to be, besides its strategy.
struct run_settings {
  std::uint64_t seed = 1;
  bool gang_start = false;   ///< see plan
  bool uses_decide = false;  ///< uses of shared data are scheduling points: for code that races
  std::uint64_t points_max = 1'000'000;  ///< more make the run endless
  /// A wait for other threads that ends by its deadline, after all others had waited at least so
  /// long too, is a stall.
  duration stall_min = duration::max();
  /// Threads outside the run share data with it. They are woken, too, and the run goes on after
  /// what they did to a word at which somebody waits.
  bool open = false;
  faults may = {};                  ///< go wrong
  tape<step>* record = nullptr;     ///< what happens is written here,
  bool record_calls = false;        ///< with the functions in which it does
  mutant const* without = nullptr;  ///< what the run does without
  std::uint64_t stop_at = 0;        ///< the checkpoint, from 1, whose scope is stopped; 0: none
  bool stop_at_once = true;         ///< before anything else happens; else some time from there on
  bool leaves_nothing = false;      ///< watched data that outlives the run is a failure
};

/// Why the keeper of a run goes on.
enum class called : unsigned char {
  woken,  ///< by another thread, or by its deadline
  idle,   ///< nobody else can go on before time passes
  stuck,  ///< nor after as much time as it takes
};

/// Runs a body, and all threads that it starts, in the calling thread alone. Before each operation
/// of the seam a strategy decides whose turn it is. Time moves only when nobody can go on, to the
/// next deadline. A yielding thread is passed over once, and so is one that looks at the same thing
/// again and again.
/// Threads: belongs to one thread; what runs inside may be any code on the seam.
/// Stop: not concerned. Errors: std::system_error if there is no memory for stacks; starting a
/// process gives ENOSYS.
/// Lifetime: of many runs. What a run that did not end had on its stacks is never destroyed.
class world final : public seam::machine {
 public:
  world();
  ~world() override;

  /// `body(argument)` is the first thread. What is returned serves until the next run.
  outline const& run(strategy& s, run_settings const& how, void (*body)(void*), void* argument);
  template <class F> outline const& run(strategy& s, run_settings const& how, F&& body) {
    auto call = [&body] { body(); };  // a function has no address for a void*
    return run(
        s, how, [](void* c) { (*static_cast<decltype(call)*>(c))(); }, &call);
  }
  /// By the plan `p`.
  template <class F> outline const& run(std::uint64_t seed, plan const& p, F&& body) {
    return run(strategies_.of(p), {.seed = seed, .gang_start = p.gang_start}, body);
  }
  /// How many threads the last run had, and how they were called.
  unsigned threads() const noexcept { return count_; }
  std::string const& thread_name(unsigned i) const noexcept { return strands_[i].name; }
  /// Whether the last run had an invariant to look at.
  bool watched_something() const noexcept { return watched_something_; }
  /// What `sometimes` asked for, in all runs.
  std::vector<goal> const& goals() const noexcept { return goals_; }

  /// The thread that runs now; -1: none does, the calling code belongs to whoever runs the world.
  int running() const noexcept {
    return running_ == nullptr ? -1 : static_cast<int>(running_->number);
  }
  /// Ends the run: the running thread has made such a call.
  [[noreturn]] void escaped(stray_call const& call) noexcept;
  /// The running thread has initialised the static that `guard` belongs to, or has failed to:
  /// those who waited at `guard` go on, and everybody knows what has happened here. Nobody can be
  /// asked later, since a compiler inlines the look at an initialised static's guard.
  void initialised(void const* guard) noexcept;
  /// Whether the running thread's stack ends where `address` lies.
  bool overflows(void const* address) const noexcept;
  /// What the running thread announced last.
  place last_place() const noexcept { return running_->last.where; }
  // A run that is left and entered again (open_world.cpp). Its first thread is the keeper.

  /// Begins one by the plan `p`, without running anything. `body(argument)` is the keeper.
  void open(plan const& p, run_settings const& how, void (*body)(void*), void* argument);
  /// Goes on where it was left, for so many operations at most. False: the run is over.
  bool enter(std::uint64_t points_max);
  /// From inside: back to whoever entered, until it is entered again. Those who hold a lock go on
  /// before: somebody outside may want it.
  void leave() noexcept;
  /// For the keeper: waits until woken, until `deadline`, or until nobody else can go on. After it
  /// was `idle` it gives leave for time to pass, once. No operation of the run.
  called keep(std::uint32_t const* word, time_point deadline, bool time_may_pass) noexcept;
  /// Starts a thread that looks after the run: what its starter knows has not happened before it.
  seam::thread_handle* start_helper(void (*body)(void*), void* argument, char const* name);
  /// Waits until woken, or until `deadline`: for whoever looks after the run. No operation of it.
  seam::wake rest(std::uint32_t const* word, time_point deadline) noexcept;
  /// Wakes those who rest there, or the keeper.
  void rouse(std::uint32_t const* word) noexcept;
  /// Whether somebody waits at a word that those outside could change.
  bool waits_at_word() const noexcept;
  /// Those who wait at a word that has changed go on. Whether one does.
  bool look_at_words() noexcept;
  /// One of `n` outcomes, chosen by the strategy for the thread that runs.
  std::size_t pick(std::size_t n) { return n == 1 ? 0 : strategy_->pick(running_->number, n); }
  /// Threads that have not ended, where they stand.
  std::vector<unfinished> standing() const;
  /// How many decisions that thread has come to: the same as before if it still stands there.
  std::uint64_t points_of(unsigned thread) const noexcept { return strands_[thread].points; }
  outline const& so_far() const noexcept { return outline_; }
  /// Ends it, whatever has not ended.
  outline close();

  void at(seam::operation const& o) noexcept override;
  void lock_mutex(std::atomic<std::uint32_t>& word, char const* file, unsigned line,
                  char const* function) noexcept override;
  void unlock_mutex(std::atomic<std::uint32_t>& word, char const* file, unsigned line,
                    char const* function) noexcept override;
  void done(seam::operation const& o, bool took) noexcept override;
  void task(seam::task_note const& n) noexcept override;
  void use(seam::data_use const& u) noexcept override;
  void failed(char const* what, place where) noexcept override;
  void reached(char const* what, bool here, place where) noexcept override;
  bool fault(seam::kind what, char const*, place where) noexcept override {
    return strikes(what, where);
  }
  void faults_end() noexcept override { how_.may = {}; }
  void at_checkpoint(seam::checkpoint const& c) noexcept override;
  void watch(seam::watched_check const& c) noexcept override;
  void unwatch(seam::watched_check const& c) noexcept override;
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
  struct deadline_entry {
    time_point when;
    strand* who;
    std::uint64_t parks;  // of `who` when it parked; others by now: it was woken
  };

  // whose turn it is (world.cpp)
  void begin_run(strategy& s, run_settings const& how);
  void end_run(time_point began);
  strand& make_strand(void (*body)(void*), void* argument, char const* name);
  static void live(void* s) noexcept;
  object& named(strand& me, void const* address);
  void comes_to(strand& me, object& x, seam::kind what, bool writes, std::memory_order order,
                void const* address, char const* file, unsigned line,
                char const* function) noexcept;
  void stir(strand& me, object& x, seam::kind what, bool writes, unsigned line) noexcept;
  void find_usual() noexcept;
  void prepare_rare(strand& me, seam::operation const& o) noexcept;
  void go_on(bool with_me) noexcept;
  strand& drawn(std::size_t among) noexcept;
  strand& chosen(std::size_t among, std::size_t running) noexcept;
  seam::wake park(object& on, time_point deadline) noexcept;
  void unpark(strand& s, seam::wake how) noexcept;
  bool pass_time() noexcept;
  strand* next_or_end() noexcept;
  bool call_keeper(called why) noexcept;
  class calm;
  [[noreturn]] void end_strand() noexcept;
  [[noreturn]] void end_by(verdict v) noexcept;
  void switch_to(strand& next) noexcept;
  void wake_pollers() noexcept;

  // what an operation means (order.cpp)
  void happens(strand& me, object& x, seam::operation const& o) noexcept;
  [[gnu::noinline]] void takes_effect(strand& me, object& x, seam::operation const& o) noexcept;
  [[gnu::noinline]] void orders(strand& me, object& x, seam::operation const& o) noexcept;
  [[gnu::noinline]] void tell(strand& me, object& x, seam::operation const& o) noexcept;

  std::size_t steps_recorded() const noexcept;
  static void set_word(object const& x, seam::operation const& o) noexcept;
  void acquire(strand& me, object& x, std::memory_order o) noexcept;
  void release(strand& me, object& x, std::memory_order o, bool goes_on) noexcept;
  [[gnu::noinline]] void use_in_full(seam::data_use const& u) noexcept;
  [[noreturn, gnu::cold]] void end_by_race(strand& me, past_use const& before,
                                           seam::data_use const& u) noexcept;

  // locks of the seam (locks.cpp)
  using mutex_word = std::atomic<std::uint32_t>;
  static mutex_word& word_of(strand const& me) noexcept;
  void take(strand& me, object& x) noexcept;
  [[gnu::noinline]] void take_in_full(strand& me, object& x) noexcept;
  [[gnu::noinline]] void name_and_lock(mutex_word& w, char const* file, unsigned line,
                                       char const* function) noexcept;
  [[gnu::noinline]] void ask_and_take(strand& me, object& x) noexcept;
  [[gnu::noinline]] void switch_and_take(strand& me, object& x, strand& next) noexcept;
  [[gnu::noinline]] void name_and_unlock(mutex_word& w, char const* file, unsigned line,
                                         char const* function) noexcept;
  [[gnu::noinline]] void give_back_in_full(strand& me, object& x) noexcept;
  void before_lock(strand& me, object& x) noexcept;
  void locked(strand& me, object& x, place const& where) noexcept;
  void unlocked(strand& me, object& x) noexcept;
  void gives_back(strand& me, object& x) noexcept;
  [[gnu::noinline]] void settle() noexcept;
  void stop_rivals(object& x) noexcept;
  void let_rivals(object& x) noexcept;

  // who waits on no thread, and who owns what (tasks.cpp)
  void suspended(strand& me, seam::task_note const& n) noexcept;
  void resumed(strand& me, void const* task) noexcept;
  void disowned(object& x) noexcept;
  int holder_of(unsigned object) const noexcept;
  void add_suspended(std::vector<unfinished>& to) const;

  // what goes wrong that may (faults.cpp)
  unsigned chances(seam::kind what) const noexcept;
  bool strikes(seam::kind what, place where) noexcept;
  void linger() noexcept;

  // what must hold after each step (watch.cpp)
  void after_step() noexcept {
    if (!watched_.empty()) [[unlikely]]
      look();
  }
  void look() noexcept;

  // of all runs
  strategies strategies_;
  fiber outside_;
  std::deque<strand> strands_;  // in the order of their start; the first count_ live in this run
  strand* first_ = nullptr;     // of them; null: there is none yet
  object_table objects_;
  shadow_table shadows_;
  std::vector<goal> goals_;
  // of this run
  strategy* strategy_ = nullptr;
  bool listens_ = false;       // somebody wants to know what happens
  bool rare_ = false;          // or the run is such that more than usual is done for an operation
  bool usual_ = false;         // see find_usual
  bool uses_quickly_ = false;  // uses of data decide nothing, and all clocks are near
  random_stream* even_ = nullptr;  // the strategy only draws from it, see draws_evenly; else null
  std::uint64_t drawn_ = 0;        // from there: the next one
  run_settings how_;
  random_stream bits_{0};  // for entropy: what a program asks for must not shift the choices
  time_point now_;
  unsigned count_ = 0;
  strand* newest_ = nullptr;               // the last of those; if there is one
  std::size_t alive_ = 0;                  // strands not ended
  ready_list ready_;                       // can go on, with the running one
  pile<object*> contended_;                // locked, and those who want them too are not parked yet
  std::vector<deadline_entry> deadlines_;  // a heap
  std::unordered_map<void const*, parked_task> tasks_;  // by their identities
  std::uint64_t tasks_parked_ = 0;                      // so far
  std::vector<seam::watched_check const*> watched_;
  bool watched_something_ = false;
  strand* running_ = nullptr;  // null: outside, or something that is watched is asked
  strand* urgent_ = nullptr;   // goes on before all others; null: no such
  strand* keeper_ = nullptr;   // waits until nobody else can go on; null: no such
  bool time_may_pass_ = true;  // without asking the keeper
  called keeper_called_ = called::woken;
  strand* entered_ = nullptr;  // of an open run: who goes on when it is entered
  bool left_ = false;          // by `leave`, and not because the run is over
  time_point opened_;
  outline outline_;
};

}  // namespace quartet::detail::sim
