// SPDX-License-Identifier: MIT
//
// An object that lives on a thread of its own, called as if it did not.
// [hello]
#include <insula/apartments/sta.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/interface.hpp>

#include <iostream>

struct IGreeter : insula::IUnknown {
  virtual std::string greet(const std::string& name) = 0;
};
INSULA_INTERFACE(IGreeter, insula::IUnknown, "0b5c1a52-5c31-4e7e-9f8e-6d1f5b0b7a01", (greet));

struct Greeter : insula::implements<Greeter, IGreeter> {
  std::string greet(const std::string& name) override {
    return "hello " + name + ", from " + insula::apartment::current().name();
  }
};

int main() {
  insula::sta_lease here("main");      // this thread is an apartment now
  insula::sta home("greeter's home");  // and here is another, with a thread of its own
  auto greeter = home.create<IGreeter>([] { return insula::make<Greeter>(); });
  std::cout << greeter->greet("world") << '\n';
}
// [/hello]
