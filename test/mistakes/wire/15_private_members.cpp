// SPDX-License-Identifier: Apache-2.0
// A class with private members that says nothing about them.
// expect: job.money
// expect: account
// expect: private members and no quartet_fields
// expect: add quartet_fields

#include "pool.hpp"

class account {
 public:
  int balance() const { return balance_; }

 private:
  int balance_ = 0;
};
struct job {
  account money;
};
int run(job const& j) { return j.money.balance(); }
void f(process_pool& p) { p.submit(run, job{}); }
