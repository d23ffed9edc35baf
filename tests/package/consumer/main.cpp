// SPDX-License-Identifier: MIT
// Ends with 0 when each floor does what it should for somebody outside the tree.
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/stream.hpp>
#include <insula/marshal/interface.hpp>

#include <cstdio>
#include <string>
#include <thread>

namespace consumer {

struct IGreeter : insula::IUnknown {
  virtual std::string greet(const std::string& name) = 0;
  virtual bool at_home() = 0;
};
INSULA_INTERFACE(IGreeter, insula::IUnknown, "7d2b1c40-5a1e-4c0b-9b0e-0d7a8f6c3e21", (greet),
                 (at_home));

class greeter : public insula::implements<greeter, IGreeter> {
 public:
  std::string greet(const std::string& name) override { return "salve, " + name; }
  bool at_home() override { return std::this_thread::get_id() == home_; }

 private:
  std::thread::id home_ = std::this_thread::get_id();  // fixed
};

bool core_works() {
  const insula::com_ptr<insula::IStream> stream = insula::create_memory_stream();
  return stream.as<insula::IUnknown>() != nullptr;
}

bool calls_cross_apartments() {
  insula::mta_lease here;
  insula::sta home("greeter");
  const auto proxy = home.create<IGreeter>([] { return insula::make<greeter>(); });
  return proxy->greet("vicine") == "salve, vicine" && proxy->at_home();
}

}  // namespace consumer

int main() {
  const bool works = consumer::core_works() && consumer::calls_cross_apartments();
  std::puts(works ? "the consumer works" : "the consumer does not work");
  return works ? 0 : 1;
}
