// SPDX-License-Identifier: Apache-2.0
// sched_getaffinity and sched_setaffinity for any number of CPUs.
#include <algorithm>
#include <cerrno>
#include <memory>
#include <sched.h>
#include <stdexcept>
#include <unistd.h>

#include <quartet/os/affinity.hpp>
#include <quartet/os/error.hpp>

namespace quartet::os {

namespace {

struct free_set {
  void operator()(cpu_set_t* s) const noexcept { CPU_FREE(s); }
};
using owned_set = std::unique_ptr<cpu_set_t, free_set>;

owned_set empty_set(unsigned count) {
  owned_set s(CPU_ALLOC(count));
  if (s == nullptr) throw std::bad_alloc();
  CPU_ZERO_S(CPU_ALLOC_SIZE(count), s.get());
  return s;
}

}  // namespace

std::vector<unsigned> affinity() {
  // The kernel refuses a set smaller than its own, whose size nothing tells.
  for (unsigned room = 1024; room <= 1u << 20; room *= 2) {
    auto const set = empty_set(room);
    auto const size = CPU_ALLOC_SIZE(room);
    if (sched_getaffinity(0, size, set.get()) == 0) {
      std::vector<unsigned> cpus;
      for (unsigned i = 0; i < room; ++i)
        if (CPU_ISSET_S(i, size, set.get())) cpus.push_back(i);
      return cpus;
    }
    if (errno != EINVAL) break;
  }
  throw_errno("cannot read on which CPUs this thread may run");
}

void set_affinity(std::span<unsigned const> cpus) {
  if (cpus.empty()) throw std::invalid_argument("a thread needs at least one CPU to run on");
  unsigned const room = std::max(1024u, *std::max_element(cpus.begin(), cpus.end()) + 1);
  auto const set = empty_set(room);
  auto const size = CPU_ALLOC_SIZE(room);
  for (unsigned const i : cpus) CPU_SET_S(i, size, set.get());
  if (sched_setaffinity(0, size, set.get()) != 0)
    throw_errno("cannot confine this thread to the CPUs asked for (the first is " +
                std::to_string(cpus.front()) + ")");
}

unsigned online_cpus() noexcept {
  return static_cast<unsigned>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
}

}  // namespace quartet::os
