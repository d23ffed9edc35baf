// SPDX-License-Identifier: MIT
//
// Interfaces and an object whose life the tests of core watch.
#pragma once

#include "insula/core/implements.hpp"

namespace insula::core_tests {

struct IShape : IUnknown {
  virtual HRESULT Area(LONG* out) = 0;
};
INSULA_IID(IShape, IUnknown, "9b0a3d40-6a52-4c7e-8d10-000000000001")

struct ISquare : IShape {
  virtual HRESULT Side(LONG* out) = 0;
};
INSULA_IID(ISquare, IShape, "9b0a3d40-6a52-4c7e-8d10-000000000002")

struct INamed : IUnknown {
  virtual HRESULT Name(const char** out) = 0;
};
INSULA_IID(INamed, IUnknown, "9b0a3d40-6a52-4c7e-8d10-000000000003")

/// Nobody implements it.
struct IAbsent : IUnknown {};
INSULA_IID(IAbsent, IUnknown, "9b0a3d40-6a52-4c7e-8d10-000000000004")

/// Sets `*ended` when it ends.
class square : public implements<square, ISquare, INamed> {
 public:
  explicit square(LONG side = 3, bool* ended = nullptr) : side_(side), ended_(ended) {}
  ~square() override {
    if (ended_ != nullptr) *ended_ = true;
  }

  HRESULT Area(LONG* out) override {
    *out = side_ * side_;
    return S_OK;
  }
  HRESULT Side(LONG* out) override {
    *out = side_;
    return S_OK;
  }
  HRESULT Name(const char** out) override {
    *out = "square";
    return S_OK;
  }

 private:
  LONG side_;    // fixed
  bool* ended_;  // fixed
};

/// The references of an object, as it says itself.
template <class I>
ULONG references(I* object) {
  object->AddRef();
  return object->Release();
}
template <class I>
ULONG references(const com_ptr<I>& object) {
  return references(object.get());
}

}  // namespace insula::core_tests
