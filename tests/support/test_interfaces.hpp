// SPDX-License-Identifier: MIT
//
// Interfaces that the tests of all floors share.
//   ICounter         a number, and the thread that the object runs on
//   IScaledCounter   derived from ICounter
//   INamed           a second interface of the same object
//   IVisitor         takes a counter and does with it what the test says
//   IAbsent          described; no object has it
//   IHidden          objects have it; nobody can marshal it
#pragma once

#include <insula/core/types.hpp>
#include <insula/core/unknown.hpp>
#include <insula/marshal/interface.hpp>

#include <cstdint>

namespace insula::test {

struct ICounter : IUnknown {
  virtual HRESULT Add(LONG amount, LONG* total) = 0;
  /// The thread that runs this, as gettid says.
  virtual HRESULT Thread(std::int64_t* id) = 0;
};
INSULA_INTERFACE(ICounter, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0001",
                 (Add, in("amount"), out("total")), (Thread, out("id")));

struct IScaledCounter : ICounter {
  virtual HRESULT Scale(LONG factor, LONG* total) = 0;
};
INSULA_INTERFACE(IScaledCounter, ICounter, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0002",
                 (Scale, in("factor"), out("total")));

struct INamed : IUnknown {
  /// How many characters `text` has.
  virtual HRESULT Length(const char* text, ULONG* length) = 0;
};
INSULA_INTERFACE(INamed, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0003",
                 (Length, in("text"), out("length")));

struct IVisitor : IUnknown {
  virtual HRESULT Visit(ICounter* counter) = 0;
};
INSULA_INTERFACE(IVisitor, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0004",
                 (Visit, in("counter")));

struct IAbsent : IUnknown {
  virtual HRESULT Find(LONG where, LONG* what) = 0;
};
INSULA_INTERFACE(IAbsent, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0005",
                 (Find, in("where"), out("what")));

struct IHidden : IUnknown {
  virtual HRESULT Touch() = 0;
};
INSULA_IID(IHidden, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0006")

}  // namespace insula::test
