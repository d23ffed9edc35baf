// SPDX-License-Identifier: MIT
//
// A thousand single-threaded components on one thread: a call that goes round through all of them
// does not leave the thread, and each still runs in an apartment of its own.
#include <insula/apartments/sta.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/interface.hpp>

#include <iostream>
#include <set>
#include <thread>
#include <vector>

struct IRing : insula::IUnknown {
  virtual void join(const insula::com_ptr<IRing>& next) = 0;
  virtual int pass(int hops_left) = 0;
};
INSULA_INTERFACE(IRing, insula::IUnknown, "0b5c1a52-5c31-4e7e-9f8e-6d1f5b0b7a05", (join), (pass));

namespace {

struct Member : insula::implements<Member, IRing> {
  void join(const insula::com_ptr<IRing>& next) override { next_ = next; }
  int pass(int hops_left) override {
    if (insula::apartment::current() != home_ || std::this_thread::get_id() != thread_) return -1;
    return hops_left == 0 ? 0 : 1 + next_->pass(hops_left - 1);
  }
  insula::com_ptr<IRing> next_;
  const insula::apartment home_ = insula::apartment::current();
  const std::thread::id thread_ = std::this_thread::get_id();
};

}  // namespace

int main() {
  constexpr std::size_t count = 1000;
  insula::sta_lease here("main");
  insula::sta_thread thread("ring");
  std::vector<insula::sta> homes;
  std::vector<insula::com_ptr<IRing>> members;
  for (std::size_t i = 0; i != count; ++i) {
    homes.emplace_back(thread, "member " + std::to_string(i));
    members.push_back(homes.back().create<IRing>([] { return insula::make<Member>(); }));
  }
  for (std::size_t i = 0; i != count; ++i) members[i]->join(members[(i + 1) % count]);

  std::cout << "hops through " << count << " apartments: " << members[0]->pass(count) << '\n';

  // The members hold each other in a ring; whoever made it takes it apart.
  for (const auto& member : members) member->join(nullptr);
}
