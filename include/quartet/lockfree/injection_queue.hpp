// SPDX-License-Identifier: Apache-2.0
// Hand-over from any thread to one consumer: an intrusive stack that is taken whole and turned.
//
// Treiber's stack (1986) without its pop: the consumer exchanges the whole chain for null. A push
// never follows the pointer it read, so a node that was taken, freed and pushed again at the same
// address (ABA) does no harm and nothing needs reclaiming.
//
// Synchronises with
//   (1) release compare-exchange in push → (2) acquire exchange in take_all: for every node of the
//       chain, as the pushes in between are read-modify-writes and continue its release sequence.
#pragma once

#include <quartet/base/intrusive_queue.hpp>
#include <quartet/seam/atomic.hpp>

namespace quartet::lockfree {

/// Many producers, one consumer, first in first out, linked through the member `Next` of `Node`.
/// Prefer it to `spsc_ring` where producers are many or nothing may be refused.
/// Threads: `push` and `seems_empty` anyone; `take_all` one at a time.
/// Stop: not concerned. Errors: none. Lifetime: owns no node; a node is in one queue at a time.
/// Ordering: what was written before `push` is visible to whoever takes the node.
/// Progress: `push` is lock-free, `take_all` wait-free plus its length. Cost: no allocation.
template <class Node, Node* Node::*Next> class injection_queue {
 public:
  using list = intrusive_queue<Node, Next>;

  injection_queue() = default;
  injection_queue(injection_queue const&) = delete;
  injection_queue& operator=(injection_queue const&) = delete;

  /// Adds `node`; whether there was none before, so that one push of a burst wakes the consumer.
  bool push(Node& node, place where = place::here()) noexcept {
    Node* top = top_.load(seam::relaxed, where);
    do node.*Next = top;
    while (!top_.compare_exchange(top, &node, seam::release, seam::relaxed, where));  // (1)
    return top == nullptr;
  }

  /// Takes everything, oldest first.
  list take_all(place where = place::here()) noexcept {
    list oldest_first;
    Node* newest = top_.exchange(nullptr, seam::acquire, where);  // (2)
    while (newest != nullptr) {
      Node* const older = newest->*Next;
      oldest_first.push_front(*newest);
      newest = older;
    }
    return oldest_first;
  }

  /// Whether nothing was inside a moment ago.
  bool seems_empty(place where = place::here()) const noexcept {
    return top_.load(seam::acquire, where) == nullptr;
  }

 private:
  seam::atomic<Node*> top_{nullptr};  // the newest; null: empty
};

}  // namespace quartet::lockfree
