// SPDX-License-Identifier: Apache-2.0
// submit_idle by hand: one thread asleep on a bare futex, the least that a wake-up can cost.
#include "support/futex.hpp"

#include "problem.hpp"

namespace {

using bench::futex_scope;

struct mailbox {
  bench::futex_word posts{0};
  submit_idle::note_start call{nullptr};  // written before posts grows; no call ends the thread
};

void serve(mailbox& box) {
  for (std::uint32_t seen = 0;; ++seen) {
    bench::futex_wait_while(box.posts, seen, futex_scope::thread);
    if (box.call.note == nullptr) return;
    box.call();
  }
}

void post(mailbox& box, submit_idle::note_start call) {
  box.call = call;
  box.posts.fetch_add(1, std::memory_order_release);
  bench::futex_wake_one(box.posts, futex_scope::thread);
}

}  // namespace

int main(int argc, char** argv) {
  auto const given = bench::parse(argc, argv);
  mailbox box;
  std::thread sleeper{serve, std::ref(box)};
  submit_idle::measure(given, [&](auto call) { post(box, call); });
  post(box, {nullptr});
  sleeper.join();
}
