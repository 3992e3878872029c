// SPDX-License-Identifier: Apache-2.0
// Every schedule, one run after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <quartet/base/random.hpp>
#include <quartet/exec/sim/detail/footprint.hpp>
#include <quartet/exec/sim/detail/strategy.hpp>

namespace quartet::detail::sim {

/// What an exhaustive exploration is to do.
struct exploration {
  static constexpr auto unbounded = std::numeric_limits<unsigned>::max();
  /// Leave out schedules that differ from one that was run only in the order of what is
  /// independent. For programs without data races; not together with `uses_decide`.
  bool sleep_sets = true;
  /// How often a thread that could go on may have to let another one run. A bound excludes sleep
  /// sets: of equivalent schedules they might keep one that is beyond it.
  unsigned preemptions_max = unbounded;
  std::uint64_t runs_max = 1'000'000;
};

/// How far an exploration got.
enum class coverage : unsigned char {
  complete,    ///< no other schedule behaves in another way
  bounded,     ///< none with so few preemptions does
  incomplete,  ///< there is more to run
  diverged,    ///< a run did not repeat the one before it: something besides the schedule decides
};

/// In words, as reports print it.
char const* name(coverage c) noexcept;

/// Depth-first search through the decisions of a program, with sleep sets: `do world.run(all, ...)
/// while (all.next());`, each run with one seed and from equal beginnings.
/// Threads: belongs to its worlds. Stop: between two runs. Errors: bad_alloc.
/// Lifetime: of one exploration. Cost: memory for the decisions of one run.
class exhaustive final : public strategy {
 public:
  explicit exhaustive(exploration const& how = {});

  void begin(std::uint64_t seed) override;
  std::size_t choose(turn const& t) override;
  std::size_t pick(unsigned thread, std::size_t n) override;
  bool strikes(unsigned thread, unsigned) override { return pick(thread, 2) != 0; }
  bool listens() const noexcept override { return true; }
  void happens(unsigned thread, unsigned object, seam::operation const& o) override;

  /// After a run: whether there is another one.
  bool next();
  /// Whether the present run turned out to be like an earlier one. It goes on to its end, by
  /// chance, to clear up after itself.
  bool redundant() const noexcept { return redundant_; }
  coverage covered() const noexcept { return covered_; }
  std::uint64_t runs() const noexcept { return runs_; }
  std::uint64_t redundant_runs() const noexcept { return redundant_runs_; }

 private:
  enum class kind : unsigned char { turn, only, pick };  // only: just one thread could go on
  struct option {
    unsigned index, thread;
    bool waits_for_descriptors;
  };
  struct sleeper {
    unsigned thread;
    footprint touches;
  };
  /// A decision, or another thread that goes on without one.
  struct node {
    kind what = kind::turn;
    bool stays = false;                        // the first option is no preemption, all others are
    bool went_on = false;                      // the stretch after it came to its end
    unsigned thread = 0;                       // who goes on
    unsigned known = 0;                        // objects named so far
    unsigned preemptions = 0;                  // before it
    std::uint64_t of = 0;                      // a digest of the turn
    std::size_t at = 0;                        // the present option
    std::size_t from = 0, to = 0;              // all: in options_, or outcomes of a pick
    std::size_t sleep_from = 0, sleep_to = 0;  // in sleepers_
    std::size_t options_end = 0;               // of options_ when it was made
    footprint touches{};                       // what its thread does next
  };

  bool repeats() const noexcept { return depth_ != nodes_.size(); }
  void arrive(unsigned thread);
  std::size_t repeated(turn const& t);
  std::size_t branch(turn const& t);
  void add_option(turn const& t, std::size_t i, std::size_t sleep_from);
  void take(node& n) noexcept;
  void push(node n);
  bool advance(node& n);
  void end_as_redundant() noexcept;
  void diverge() noexcept;
  unsigned preemptions_with(node const& n) const noexcept;

  exploration const how_;
  bool const reduces_;
  // of all runs; what later nodes added lies behind what earlier ones did
  std::vector<node> nodes_;
  std::vector<option> options_;
  std::vector<sleeper> sleepers_;
  std::size_t first_new_ = 0;  // the first node whose stretch is not as before
  bool yields_ = false;        // some thread has
  bool cut_ = false;           // something was left out for the bound
  coverage covered_ = coverage::incomplete;
  std::uint64_t runs_ = 0, redundant_runs_ = 0;
  // of this run
  std::size_t depth_ = 0;  // nodes passed
  std::size_t now_ = 0;    // the node after which this stretch runs
  unsigned known_ = 0;
  bool lost_ = false;  // by chance, from here on
  bool redundant_ = false;
  random_stream chance_{0};
};

}  // namespace quartet::detail::sim
