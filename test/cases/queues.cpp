// SPDX-License-Identifier: Apache-2.0
// Queues with one side that may be many: a nil node pushed at the wrong time, and items moved under
// the hands of who takes them.
#define QUARTET_CHECK 1
#include <array>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

struct node {
  seam::atomic<node*> next{nullptr};
  shared<int> item{0};
};

/// D. Vyukov's intrusive queue: producers exchange the back, then link. The consumer keeps the
/// last node alive by a nil node pushed behind it; but not if a producer is about to link there.
/// Broken: it pushes nil also then, a second time if need be, and links it to itself.
template <version v> struct many_to_one {
  node nil;
  seam::atomic<node*> back{&nil};
  node* front = &nil;  // the consumer's

  void push(node& n) {
    n.next.store(nullptr, seam::relaxed);
    back.exchange(&n, seam::acq_rel)->next.store(&n, seam::release);
  }
  node* pop() {
    node* n = front;
    node* behind = n->next.load(seam::acquire);
    if (n == &nil) {
      if (behind == nullptr) return nullptr;
      n = front = behind;
      behind = n->next.load(seam::acquire);
    }
    if (behind == nullptr) {
      if (v == mended && back.load(seam::acquire) != n) return nullptr;
      push(nil);
      behind = n->next.load(seam::acquire);
    }
    if (behind == nullptr) return nullptr;
    front = behind;
    return n;
  }
};

/// The shape of a bug in stdexec's queue of the same kind.
template <version v> void nil_node() {
  many_to_one<v> q;
  std::array<node, 3> all;
  for (int i = 0; i != 3; ++i) all[static_cast<std::size_t>(i)].item = i;
  together([&] { q.push(all[0]), q.push(all[1]); }, [&] { q.push(all[2]); },
           [&] {
             std::array<int, 3> times{};
             for (int looks = 0; looks != 8; ++looks) {
               node* const n = q.pop();
               check(n != &q.nil, "nil is no item");
               if (n != nullptr) check(++times[static_cast<std::size_t>(n->item.read())] == 1);
             }
           });
}

/// Consumers find out under the lock which item is theirs, and take it outside. When ten items
/// wait, the producer makes room by moving them all. Broken: without looking who is still taking.
/// A schedule that gives everybody his turn never lets ten items wait.
template <version v> struct one_to_many {
  static constexpr std::size_t moves_at = 10;
  std::array<shared<int>, 16> slots;
  seam::mutex m;  // guards the fields below
  seam::condition taken;
  shared<std::size_t> first{0}, next{0};
  shared<int> taking{0};

  void push(int x) {
    seam::guard const g(m);
    if (next - first == moves_at) move_down();
    slots[next++] = x;
  }
  void move_down() {
    while (v == mended && taking != 0) taken.wait(m);
    std::size_t const n = next - first;
    for (std::size_t i = 0; i != n; ++i) slots[i] = slots[first + i].read();
    first = std::size_t{0};
    next = n;
  }
  void take(seam::atomic<int>& sum) {
    m.lock();
    bool const some = first != next;
    std::size_t const mine = some ? first++ : 0;
    if (some) ++taking;
    m.unlock();
    if (!some) return;
    sum.fetch_add(slots[mine], seam::relaxed);
    seam::guard const g(m);
    --taking;
    taken.notify_one();
  }
};

template <version v> void ten_wait() {
  one_to_many<v> q;
  seam::atomic<int> sum{0};
  crowd(5, [&](int i) {
    for (int n = 1; i == 0 && n != 15; ++n) q.push(n);
    for (int n = 0; i != 0 && n != 3; ++n) q.take(sum);
  });
  while (q.first != q.next) q.take(sum);
  check(sum.load(seam::relaxed) == 14 * 15 / 2, "each item is taken once");
}

}  // namespace

std::vector<sim_case> queue_cases() {
  return {
      {35, "nil_node", "a nil node pushed back while a producer is about to link (stdexec)",
       nil_node<broken>, nil_node<mended>, verdict::check},
      {35,
       "ten_wait",
       "a race that needs ten queued items (a missed one, of Relacy)",
       ten_wait<broken>,
       ten_wait<mended>,
       {verdict::race, verdict::check}},
  };
}

}  // namespace quartet::cases
