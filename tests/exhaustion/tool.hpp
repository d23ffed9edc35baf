// SPDX-License-Identifier: MIT
//
// What the pieces call.
//   IGadget    a small interface to hand around
//   ITool      one method for each way in which values travel
//   gadget, tool
#pragma once

#include <insula/core/bstr.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/task_memory.hpp>
#include <insula/marshal/codecs.hpp>
#include <insula/marshal/interface.hpp>

#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace insula::test {

struct IGadget : IUnknown {
  virtual HRESULT Number(LONG* number) = 0;
};
INSULA_INTERFACE(IGadget, IUnknown, "5a1d0c11-4b7e-4d0a-9c41-6f0a5b3c1001",
                 (Number, out("number")));

struct IOther : IUnknown {
  virtual HRESULT Touch() = 0;
};
INSULA_INTERFACE(IOther, IUnknown, "5a1d0c11-4b7e-4d0a-9c41-6f0a5b3c1002", (Touch));

struct parcel {
  std::int32_t weight = 0;
  std::string label;
  std::vector<std::string> stamps;
};

/// Runs code of the test where the tool is.
struct IVisitor : IUnknown {
  virtual HRESULT Visit(IGadget* gadget) = 0;
};
INSULA_INTERFACE(IVisitor, IUnknown, "5a1d0c11-4b7e-4d0a-9c41-6f0a5b3c1003", (Visit, in("gadget")));

struct ITool : IUnknown {
  virtual HRESULT Add(LONG a, LONG b, LONG* sum) = 0;
  virtual HRESULT Echo(const char* text, char** copy) = 0;
  virtual HRESULT EchoBstr(BSTR text, BSTR* copy) = 0;
  virtual HRESULT Squares(std::uint32_t count, const std::int32_t* values, std::uint32_t* made,
                          std::int32_t** squares) = 0;
  virtual HRESULT Give(IGadget** gadget) = 0;
  virtual HRESULT Take(IGadget* gadget, LONG* number) = 0;
  virtual HRESULT Query(REFIID iid, void** out) = 0;
  virtual HRESULT Several(std::uint32_t count, IGadget** gadgets) = 0;
  virtual HRESULT Call(IVisitor* back) = 0;
  virtual HRESULT Fail(HRESULT code) = 0;
  virtual parcel wrap(const parcel& goods, const std::map<int, std::string>& notes,
                      std::optional<std::variant<int, std::string>> extra) = 0;
  virtual com_ptr<IGadget> pass(com_ptr<IGadget> gadget) = 0;
  virtual std::vector<std::byte> large(const std::vector<std::byte>& bytes) = 0;
  virtual std::int64_t fails() = 0;
};
INSULA_INTERFACE(ITool, IUnknown, "5a1d0c11-4b7e-4d0a-9c41-6f0a5b3c1004",
                 (Add, in("a"), in("b"), out("sum")), (Echo, in("text"), out("copy")),
                 (EchoBstr, in("text", bstr), out("copy", bstr)),
                 (Squares, in("count"), in("values", size_is("count")), out("made"),
                  out("squares", size_is("made"))),
                 (Give, out("gadget")), (Take, in("gadget"), out("number")),
                 (Query, in("iid"), out("out", iid_is("iid"))),
                 (Several, in("count"), out("gadgets", size_is("count"))), (Call, in("back")),
                 (Fail, in("code")), (wrap, in, in, in), (pass), (large), (fails));

class gadget final : public implements<gadget, IGadget, IOther> {
 public:
  explicit gadget(LONG number = 7) : number_(number) {}
  HRESULT Number(LONG* number) override {
    *number = number_;
    return S_OK;
  }
  HRESULT Touch() override { return S_OK; }

 private:
  const LONG number_;
};

class visitor final : public implements<visitor, IVisitor> {
 public:
  explicit visitor(std::function<HRESULT(IGadget*)> body) : body_(std::move(body)) {}
  HRESULT Visit(IGadget* gadget) override {
    return abi_guard([&] { return body_(gadget); });
  }

 private:
  const std::function<HRESULT(IGadget*)> body_;
};

class tool final : public implements<tool, ITool, IOther> {
 public:
  HRESULT Touch() override { return S_OK; }
  HRESULT Add(LONG a, LONG b, LONG* sum) override {
    *sum = a + b;
    return S_OK;
  }
  HRESULT Echo(const char* text, char** copy) override {
    *copy = static_cast<char*>(CoTaskMemAlloc(std::strlen(text) + 1));
    if (*copy == nullptr) return E_OUTOFMEMORY;
    std::strcpy(*copy, text);
    return S_OK;
  }
  HRESULT EchoBstr(BSTR text, BSTR* copy) override {
    *copy = SysAllocString(text);
    return *copy == nullptr ? E_OUTOFMEMORY : S_OK;
  }
  HRESULT Squares(std::uint32_t count, const std::int32_t* values, std::uint32_t* made,
                  std::int32_t** squares) override {
    *made = 0;
    *squares = static_cast<std::int32_t*>(CoTaskMemAlloc(count * sizeof(std::int32_t)));
    if (*squares == nullptr) return E_OUTOFMEMORY;
    for (; *made != count; ++*made) (*squares)[*made] = values[*made] * values[*made];
    return S_OK;
  }
  HRESULT Give(IGadget** out) override {
    return abi_guard([&] { *out = make<gadget>().detach(); });
  }
  HRESULT Take(IGadget* given, LONG* number) override { return given->Number(number); }
  HRESULT Query(REFIID iid, void** out) override { return QueryInterface(iid, out); }
  HRESULT Several(std::uint32_t count, IGadget** gadgets) override {
    return abi_guard([&] {
      for (std::uint32_t i = 0; i != count; ++i)
        gadgets[i] = make<gadget>(static_cast<LONG>(i)).detach();
    });
  }
  HRESULT Call(IVisitor* back) override {
    return abi_guard([&] { return back->Visit(make<gadget>(11).get()); });
  }
  HRESULT Fail(HRESULT code) override {
    return set_error(code, "the tool was asked to fail", iid_of<ITool>());
  }
  parcel wrap(const parcel& goods, const std::map<int, std::string>& notes,
              std::optional<std::variant<int, std::string>> extra) override {
    parcel wrapped = goods;
    for (const auto& [number, note] : notes) wrapped.stamps.push_back(note);
    if (extra) wrapped.stamps.push_back(std::get<std::string>(*extra));
    return wrapped;
  }
  com_ptr<IGadget> pass(com_ptr<IGadget> given) override { return given; }
  std::vector<std::byte> large(const std::vector<std::byte>& bytes) override { return bytes; }
  std::int64_t fails() override { throw std::out_of_range("a number that the tool does not have"); }
};

}  // namespace insula::test
