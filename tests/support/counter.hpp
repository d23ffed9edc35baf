// SPDX-License-Identifier: MIT
//
// The objects that most tests send around.
//   counter   a probe with three interfaces, one of which nobody can marshal
//   visitor   calls the test's own code with what it is given
#pragma once

#include "ref_probe.hpp"
#include "test_interfaces.hpp"

#include <insula/core/implements.hpp>

#include <unistd.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <utility>

namespace insula::test {

class counter final : public ref_probe<IScaledCounter, INamed, IHidden> {
 public:
  explicit counter(probe_log& log) : ref_probe(log) {}

  HRESULT Add(LONG amount, LONG* total) override {
    note_call();
    *total = total_.fetch_add(amount) + amount;
    return S_OK;
  }
  HRESULT Thread(std::int64_t* id) override {
    note_call();
    *id = ::gettid();
    return S_OK;
  }
  HRESULT Scale(LONG factor, LONG* total) override {
    note_call();
    *total = total_.load() * factor;
    return S_OK;
  }
  HRESULT Length(const char* text, ULONG* length) override {
    note_call();
    *length = static_cast<ULONG>(std::strlen(text));
    return S_OK;
  }
  HRESULT Touch() override {
    note_call();
    return S_OK;
  }

 private:
  ~counter() override = default;

  std::atomic<LONG> total_{0};
};

class visitor final : public implements<visitor, IVisitor> {
 public:
  explicit visitor(std::function<HRESULT(ICounter*)> body) : body_(std::move(body)) {}
  HRESULT Visit(ICounter* given) override { return body_(given); }

 private:
  const std::function<HRESULT(ICounter*)> body_;
};

}  // namespace insula::test
