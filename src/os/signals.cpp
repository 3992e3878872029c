// SPDX-License-Identifier: Apache-2.0
// Signal masks and actions.
#include <quartet/base/assert.hpp>
#include <quartet/os/signals.hpp>

namespace quartet::os {

namespace {
sigset_t set_of(std::initializer_list<int> signals) noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (int const s : signals)
    QUARTET_ASSERT(sigaddset(&set, s) == 0, "a number given as a signal to block is none");
  return set;
}
}  // namespace

signal_block::signal_block(sigset_t const& set) noexcept {
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

signal_block::signal_block(std::initializer_list<int> signals) noexcept
    : signal_block(set_of(signals)) {}

signal_block signal_block::all() noexcept {
  sigset_t set;
  sigfillset(&set);
  return signal_block(set);
}

signal_block::~signal_block() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

signal_ignore::signal_ignore(int signal) noexcept : signal_(signal) {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  QUARTET_ASSERT(sigaction(signal, &ignore, &before_) == 0, "this signal cannot be ignored");
}

signal_ignore::~signal_ignore() { sigaction(signal_, &before_, nullptr); }

}  // namespace quartet::os
