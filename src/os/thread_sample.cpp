// SPDX-License-Identifier: Apache-2.0
// tgkill(2), a handler that looks into its ucontext, and an eventfd that says it has.
//
// `wanted` goes 0 -> thread (by `take`) -> claimed (by the handler, in that thread) -> 0 (by
// `take`, which has read the sample; or which took the wish back before it was claimed). Whoever is
// ended or held between claiming and ringing leaves it claimed for good: then no more are taken.
#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <type_traits>
#include <ucontext.h>
#include <unistd.h>

#include <quartet/os/doorbell.hpp>
#include <quartet/os/thread_look.hpp>
#include <quartet/os/thread_sample.hpp>
#include <quartet/seam/atomic.hpp>
#include <quartet/seam/clock.hpp>

namespace quartet::os {

namespace {

constexpr int claimed = -1;
constexpr int answer_ms = 10'000;  // for the handler, once it runs
constexpr std::size_t stack_bytes = 1024;
constexpr std::size_t red_zone = 128;  // below the stack's top, where a leaf function keeps things

constinit seam::atomic<int> wanted{0};
constinit seam::atomic<doorbell*> taken{nullptr};
constinit thread_sample sample{};  // (2) read after the bell; written by the handler alone (1)

struct digest {
  std::uint64_t state = 0xcbf29ce484222325;
  void add(std::uint64_t x) noexcept {
    state = (state ^ x) * 0x9e3779b97f4a7c15;
    state ^= state >> 29;
  }
};

#if defined(__x86_64__)
void take_registers(ucontext_t const& c, thread_sample& s, digest& d) noexcept {
  for (int const r : {REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RDI,
                      REG_RSI, REG_RBP, REG_RBX, REG_RDX, REG_RAX, REG_RCX})
    d.add(static_cast<std::uint64_t>(c.uc_mcontext.gregs[r]));
  if (auto const* const vectors = c.uc_mcontext.fpregs)
    for (auto const& x : vectors->_xmm)
      for (auto const part : x.element) d.add(part);
  s.code = static_cast<std::uintptr_t>(c.uc_mcontext.gregs[REG_RIP]);
  s.stack = static_cast<std::uintptr_t>(c.uc_mcontext.gregs[REG_RSP]);
  s.frame = static_cast<std::uintptr_t>(c.uc_mcontext.gregs[REG_RBP]);
}
#elif defined(__aarch64__)
void take_registers(ucontext_t const& c, thread_sample& s, digest& d) noexcept {
  for (auto const r : c.uc_mcontext.regs) d.add(r);
  s.code = c.uc_mcontext.pc;
  s.stack = c.uc_mcontext.sp;
  s.frame = c.uc_mcontext.regs[29];
}
#endif

// Signals that come during a system call are handled when it ends.
bool is_behind_system_call(std::uintptr_t code) noexcept {
#if defined(__x86_64__)
  constexpr std::array<std::uint8_t, 2> instruction = {0x0f, 0x05};  // syscall
#else
  constexpr std::array<std::uint8_t, 4> instruction = {0x01, 0x00, 0x00, 0xd4};  // svc 0
#endif
  std::remove_const_t<decltype(instruction)> before{};
  auto const from = reinterpret_cast<void const*>(code - before.size());
  return copy_memory(before.data(), from, before.size()) == before.size() && before == instruction;
}

void take_stack(thread_sample const& s, digest& d) noexcept {
  std::array<std::uint64_t, (stack_bytes + red_zone) / sizeof(std::uint64_t)> words;
  std::uintptr_t const from = (s.stack - red_zone) & ~std::uintptr_t(7);
  std::size_t const n =
      copy_memory(words.data(), reinterpret_cast<void const*>(from), sizeof words) /
      sizeof words[0];
  for (std::size_t i = 0; i != n; ++i) d.add(words[i]);
}

void handle(int, siginfo_t*, void* context) {
  int const error = errno;
  int me = own_thread_id();
  if (wanted.compare_exchange(me, claimed, seam::acquire, seam::relaxed, seam::quiet())) {
    thread_sample s{};
    digest d;
    take_registers(*static_cast<ucontext_t const*>(context), s, d);
    take_stack(s, d);
    s.in_system_call = is_behind_system_call(s.code);
    s.content = d.state;
    s.cpu = seam::thread_cpu_time();
    sample = s;
    taken.load(seam::relaxed, seam::quiet())->ring();  // (1)
  }
  errno = error;
}

bool install() noexcept {
  struct sigaction before {};
  if (sigaction(SIGURG, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) return false;
  try {
    taken.store(new doorbell, seam::release, seam::quiet());  // for as long as the process lives
  } catch (...) {
    return false;
  }
  struct sigaction ours {};
  ours.sa_sigaction = handle;
  ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  sigfillset(&ours.sa_mask);
  return sigaction(SIGURG, &ours, nullptr) == 0;
}

bool still_ours() noexcept {
  struct sigaction now {};
  return sigaction(SIGURG, nullptr, &now) == 0 && now.sa_sigaction == handle;
}

// Whether the bell rings in time.
bool rings(doorbell& bell, int milliseconds) noexcept {
  pollfd p{bell.descriptor(), POLLIN, 0};
  while (poll(&p, 1, milliseconds) < 0 && errno == EINTR) {
  }
  return bell.drain();
}

}  // namespace

thread_sampler::thread_sampler() noexcept : home_(install() ? getpid() : 0) {}

thread_sampler& thread_sampler::of_process() noexcept {
  static thread_sampler& it = *new thread_sampler;
  return it;
}

std::optional<thread_sample> thread_sampler::take(int thread,
                                                  std::chrono::milliseconds patience) noexcept {
  if (busy_.exchange(true, seam::acquire, seam::quiet())) return {};
  auto const s = take_alone(thread, static_cast<int>(std::clamp<std::int64_t>(
                                        patience.count(), 0, std::numeric_limits<int>::max())));
  busy_.store(false, seam::release, seam::quiet());
  return s;
}

std::optional<thread_sample> thread_sampler::take_alone(int thread, int milliseconds) noexcept {
  if (home_ != getpid() || !still_ours()) return {};
  poll(nullptr, 0, 1);
  doorbell& bell = *taken.load(seam::acquire, seam::quiet());
  wanted.store(thread, seam::release, seam::quiet());
  if (syscall(SYS_tgkill, home_, thread, SIGURG) != 0) {
    wanted.store(0, seam::relaxed, seam::quiet());
    return {};
  }
  int still = thread;
  if (!rings(bell, milliseconds) &&
      wanted.compare_exchange(still, 0, seam::relaxed, seam::relaxed, seam::quiet()))
    return {};  // a handler that comes now finds that nobody wants anything
  if (still == claimed && !rings(bell, answer_ms)) {  // it may still come at any time
    home_ = 0;
    return {};
  }
  thread_sample const s = sample;
  wanted.store(0, seam::relaxed, seam::quiet());
  return s;
}

}  // namespace quartet::os
