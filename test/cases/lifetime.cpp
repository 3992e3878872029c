// SPDX-License-Identifier: Apache-2.0
// Things used after their end, or ended twice: the shapes of published holes, and two classics.
#define QUARTET_CHECK 1
#include <array>
#include <memory>

#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

#include "cases/case.hpp"
#include "cases/threads.hpp"

namespace quartet::cases {

namespace {

/// Two keyrings, installed one after the other; who finds the first wants the second.
template <version v> void keyrings() {
  seam::mutex m;
  seam::atomic<bool> first{false}, second{false};
  crowd(2, [&](int) {
    if (!(v == broken ? first : second).load(seam::acquire)) {
      seam::guard const g(m);
      first.store(true, seam::release);
      second.store(true, seam::release);
    }
    check(second.load(seam::acquire), "both keyrings are there");
  });
}

/// A lock that is made for a moment, counted, and freed by the last who needs it. Broken: it is
/// found before it is counted.
template <version v> void counted_lock() {
  std::array<block, 3> makes;
  seam::atomic<block*> lock{nullptr};
  seam::atomic<int> users{v == mended ? 1 : 0};  // mended: one that never leaves
  crowd(3, [&](int i) {
    block* mine = &makes[static_cast<std::size_t>(i)];
    block* found = nullptr;
    if (lock.compare_exchange(found, mine, seam::acq_rel, seam::acquire)) found = mine;
    users.fetch_add(1, seam::acq_rel);
    found->use();
    if (users.fetch_sub(1, seam::acq_rel) != 1) return;
    lock.store(nullptr, seam::release);
    found->free();
  });
}

/// Two finish one dump, and both free its buffer.
template <version v> void double_free() {
  block buffer;
  seam::atomic<block*> dump{&buffer};
  crowd(2, [&](int) {
    block* const b = v == mended ? dump.exchange(nullptr, seam::acq_rel) : dump.load(seam::acquire);
    if (b == nullptr) return;
    b->use();
    dump.store(nullptr, seam::release);
    b->free();
  });
}

/// A port is found in the list by who deletes it, while its maker is still writing its name.
template <version v> void early_port() {
  seam::mutex m;
  block port;
  shared<block*> list{nullptr};
  together(
      [&] {
        if (v == mended) port.use();  // the name
        m.lock();
        list = &port;
        m.unlock();
        if (v == broken) port.use();
      },
      [&] {
        m.lock();
        block* const found = list;
        list = nullptr;
        m.unlock();
        if (found != nullptr) found->free();
      });
}

/// A count of references that orders nothing: the last one destroys what another has just written.
template <version v> void references() {
  struct object {
    seam::atomic<int> references{2};
    std::array<shared<int>, 2> parts;
  };
  auto* const o = new object;
  crowd(2, [o](int i) {
    o->parts[static_cast<std::size_t>(i)] = 1;
    constexpr auto order = v == mended ? seam::acq_rel : seam::relaxed;
    if (o->references.fetch_sub(1, order) == 1) std::unique_ptr<object>{o}.reset();
  });
}

/// One closes a connection that another has found open. Mended: it waits until nobody uses it.
template <version v> void connection() {
  seam::mutex m;
  seam::condition left;
  block buffers;
  shared<bool> open{true};
  shared<int> users{0};
  auto const use = [&] {
    m.lock();
    bool const may = open;
    if (may) ++users;
    m.unlock();
    if (!may) return;
    buffers.use();
    seam::guard const g(m);
    --users;
    left.notify_one();
  };
  together(use, use, [&] {
    m.lock();
    open = false;
    while (v == mended && users != 0) left.wait(m);
    m.unlock();
    buffers.free();
  });
}

}  // namespace

std::vector<sim_case> lifetime_cases() {
  return {
      {21, "keyrings", "half a pair found without the lock (CVE-2013-1792)",  //
       keyrings<broken>, keyrings<mended>, verdict::check, 50},
      {21, "counted_lock", "found before it is counted (CVE-2016-1972)",  //
       counted_lock<broken>, counted_lock<mended>, verdict::check, 50},
      {21, "double_free", "two find the same buffer to free (CVE-2016-9806)",  //
       double_free<broken>, double_free<mended>, verdict::check, 50},
      {21, "early_port", "published before it is finished (CVE-2017-15265)",  //
       early_port<broken>, early_port<mended>, verdict::check, 50},
      {29, "references", "a reference count whose last drop orders nothing",  //
       references<broken>, references<mended>, verdict::race},
      {33, "connection", "closed while another one uses it",  //
       connection<broken>, connection<mended>, verdict::check},
  };
}

}  // namespace quartet::cases
