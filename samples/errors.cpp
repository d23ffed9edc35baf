// SPDX-License-Identifier: MIT
//
// What goes wrong, and what is said about it. Thread numbers are left out, so that the output is
// always the same.
#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/interface.hpp>

#include <iostream>
#include <regex>
#include <stdexcept>
#include <thread>

struct ISafe : insula::IUnknown {
  virtual int open(int key) = 0;
};
INSULA_INTERFACE(ISafe, insula::IUnknown, "0b5c1a52-5c31-4e7e-9f8e-6d1f5b0b7a06", (open));

struct ISecret : insula::IUnknown {  // has an id, but nobody described it
  virtual int whisper() = 0;
};
INSULA_IID(ISecret, insula::IUnknown, "0b5c1a52-5c31-4e7e-9f8e-6d1f5b0b7a07")

struct IAbsent : insula::IUnknown {
  virtual int nothing() = 0;
};
INSULA_INTERFACE(IAbsent, insula::IUnknown, "0b5c1a52-5c31-4e7e-9f8e-6d1f5b0b7a08", (nothing));

namespace {

struct Safe : insula::implements<Safe, ISafe, ISecret> {
  int open(int key) override {
    if (key != 42) throw std::invalid_argument("wrong key");
    return 1;
  }
  int whisper() override { return 0; }
};

template <class F>
void attempt(const char* what, F body) {
  std::cout << what << ":\n  ";
  try {
    body();
    std::cout << "went well";
  } catch (const std::exception& error) {
    static const std::regex thread_number(R"( \(thread \d+\))");
    std::cout << std::regex_replace(error.what(), thread_number, "");
  }
  std::cout << '\n';
}

}  // namespace

int main() {
  insula::sta_lease here("main");
  insula::sta bank("bank");
  auto safe = bank.create<ISafe>([] { return insula::make<Safe>(); });

  attempt("an exception in a method", [&] { (void)safe->open(1); });
  attempt("an interface that the object lacks", [&] { (void)safe.as<IAbsent>(); });
  attempt("an interface that cannot be marshaled", [&] { (void)safe.as<ISecret>(); });
  std::thread([&] {
    attempt("a thread in no apartment", [&] { (void)safe->open(42); });
  }).join();

  insula::agile_ref<ISafe> travelling(safe);
  std::thread other([&, main = here.get()] {
    insula::mta_lease other_kind;
    attempt("the wrong apartment", [&] { (void)safe->open(42); });
    attempt("carried over", [&] { (void)travelling.get()->open(42); });
    main.quit();
  });
  here.run();
  other.join();

  bank.close();
  attempt("after its apartment has closed", [&] { (void)safe->open(42); });
}
