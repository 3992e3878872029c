// SPDX-License-Identifier: Apache-2.0
// Three races that rarely show, found at once: a lost update, a deadlock, a lost wake-up; each
// beside its mended twin.
#define QUARTET_CHECK 1  // uses of shared data are watched in this file
#include <cstdio>

#include <quartet/quartet.hpp>
#include <quartet/seam/shared.hpp>
#include <quartet/test/explore.hpp>

using namespace quartet;

namespace {

// Two threads count, without a lock.
void lost_update() {
  shared<int> done{0};
  auto const work = [&] { ++done; };
  thread a{work}, b{work};
  a.join();
  b.join();
}

void counted_under_a_lock() {
  mutex lock;
  shared<int> done{0};
  auto const work = [&] {
    lock_guard l{lock};
    ++done;
  };
  {
    thread a{work}, b{work};
    a.join();
    b.join();
  }
  check(done == 2, "both are counted");
}

// Money goes both ways, and each way takes the locks in its own order.
struct account {
  mutex lock;
  shared<int> balance{100};
};

void move_money(account& from, account& to) {
  lock_guard first{from.lock};
  lock_guard second{to.lock};
  from.balance -= 10;
  to.balance += 10;
}

void deadlock() {
  account a, b;
  thread there{{.name = "there"}, [&] { move_money(a, b); }};
  thread back{{.name = "back"}, [&] { move_money(b, a); }};
  there.join();
  back.join();
}

void locked_in_one_order() {
  account a, b;
  auto const both = [&](account& from, account& to) {
    lock_guard first{a.lock};
    lock_guard second{b.lock};
    from.balance -= 10;
    to.balance += 10;
  };
  thread there{[&] { both(a, b); }};
  thread back{[&] { both(b, a); }};
  there.join();
  back.join();
}

// Whoever waits looks first, and waits then: the news may come in between.
void lost_wake_up() {
  seam::atomic<bool> ready{false};
  seam::mutex lock;
  seam::condition news;
  seam::thread waits{[&] {
    if (ready.load(seam::acquire)) return;
    lock.lock();
    news.wait(lock);
    lock.unlock();
  }};
  seam::thread tells{[&] {
    ready.store(true, seam::release);
    news.notify_one();
  }};
}

void awaits_the_event() {
  event ready;
  thread waits{[&] { ready.blocking_wait(); }};
  thread tells{[&] { ready.set(); }};
  waits.join();
  tells.join();
}

void show(char const* name, void (*body)()) {
  explore_report const r = explore({.schedules = 1'000}, body);
  if (r.failure)
    std::printf("%s: %s, and its number brings it back: %s\n", name, r.failure->kind.c_str(),
                replay(r.failure->token, body).failure ? "yes" : "no");
  else
    std::printf("%s: nothing found\n", name);
  if (r.failure) std::fputs(r.text().c_str(), stderr);
}

}  // namespace

int main() {
  show("counted without a lock", lost_update);
  show("counted under a lock", counted_under_a_lock);
  show("locked in two orders", deadlock);
  show("locked in one order", locked_in_one_order);
  show("looked, then waited", lost_wake_up);
  show("waited for the event", awaits_the_event);
}
