// SPDX-License-Identifier: Apache-2.0
// A plain process: reads its one call, runs it, ends.
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <quartet/exec/processes/process.hpp>
#include <quartet/os/memory_file.hpp>

#include "worker_executor.hpp"
#include "zygote_main.hpp"

namespace quartet::detail::processes {

namespace {

int run(birth b) {
  os::memory_file const memory(std::move(b.memory));
  b.line.close();
  wire::reader in(memory.bytes().first(static_cast<std::size_t>(b.size)));
  auto const f =
      reinterpret_cast<entry>(const_cast<void*>(wire::address_of(wire::decode_token(in))));
  worker_executor executor;
  executor_scope const inside(executor);
  return f(in, executor);
}

void tell(char const* what) {
  fprintf(stderr, "quartet: process %d ends with code 1: %s\n", getpid(), what);
}

}  // namespace

void once_main(birth b) noexcept {
  end_with(b.parent);
  try {
    leave(run(std::move(b)));
  } catch (std::exception const& e) {
    tell(e.what());
  } catch (...) {
    tell("it threw something that is no std::exception");
  }
  leave(1);
}

}  // namespace quartet::detail::processes
