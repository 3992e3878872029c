// SPDX-License-Identifier: Apache-2.0
// The lock-free structures by themselves: what they hand over is plain data, ordered by them alone.
#include <array>
#include <optional>

#include <quartet/lockfree/deque.hpp>
#include <quartet/lockfree/event_count.hpp>
#include <quartet/lockfree/injection_queue.hpp>
#include <quartet/lockfree/spsc_ring.hpp>
#include <quartet/seam/shared.hpp>

#include "races/explored.hpp"

using namespace quartet;
using test::explored;

namespace {

struct item {
  shared<int> value{0};
  shared<int> taken{0};
  item* next = nullptr;
};

/// Takes one: who gets it may read and write it.
int use(item& i) {
  EXPECT_EQ(++i.taken, 1) << "two have it";
  return i.value;
}

}  // namespace

TEST(races, a_deque_gives_each_item_to_one_and_as_it_was_pushed) {
  explored(2000, [] {
    lockfree::basic_deque<item, 2, seam::announced> d;
    std::array<item, 4> items;
    int first = 0, second = 0, own = 0;
    auto const steal = [&d](int& sum) {
      for (int tries = 0; tries != 2; ++tries)
        if (auto const got = d.steal()) sum += use(*got.item);
    };
    {
      seam::thread a([&] { steal(first); }), b([&] { steal(second); });
      for (int i = 0; i != 4; ++i) {
        items[static_cast<std::size_t>(i)].value = 1 << i;
        item& x = items[static_cast<std::size_t>(i)];
        if (!d.push(&x)) own += use(x);
        if (i % 2 == 1)
          if (item* const mine = d.pop()) own += use(*mine);
      }
    }
    while (item* const left = d.pop()) own += use(*left);
    EXPECT_EQ(first + second + own, 15);
  });
}

TEST(races, an_injection_queue_hands_over_what_was_written_before) {
  explored(1000, [] {
    lockfree::injection_queue<item, &item::next> q;
    std::array<item, 4> items;
    seam::thread a([&] {
      items[0].value = 1;
      q.push(items[0]);
      items[1].value = 2;
      q.push(items[1]);
    });
    seam::thread b([&] {
      items[2].value = 4;
      q.push(items[2]);
    });
    int sum = 0;
    auto const take = [&] {
      auto all = q.take_all();
      while (item* const i = all.pop_front()) sum += use(*i);
    };
    for (int tries = 0; tries != 3; ++tries)
      if (!q.seems_empty()) take();
    a.join();
    b.join();
    take();
    EXPECT_EQ(sum, 7);
  });
}

TEST(races, a_ring_hands_values_on_and_its_places_back) {
  explored(1000, [] {
    lockfree::basic_spsc_ring<int, 2, seam::announced> r;
    seam::thread sends([&] {
      for (int i = 1; i != 6; ++i)
        while (!r.push(i)) seam::yield_thread();
    });
    for (int i = 1; i != 6; ++i) {
      int got = 0;
      while (!r.pop(got)) seam::yield_thread();
      EXPECT_EQ(got, i);
    }
  });
}

TEST(races, who_an_event_count_wakes_sees_what_was_written_before) {
  explored(2000, [] {
    lockfree::event_count e;
    seam::atomic<bool> there{false};
    shared<int> data{0};
    auto const wait = [&] {
      while (!there.load(seam::relaxed)) {
        auto const key = e.prepare_wait();
        if (there.load(seam::relaxed))
          e.cancel_wait();
        else
          e.commit_wait(key);
      }
    };
    seam::thread a([&] { wait(); }), b([&] { wait(); });
    data = 1;
    there.store(true, seam::relaxed);
    e.notify_all();
  });
}
