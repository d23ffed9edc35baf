// SPDX-License-Identifier: MIT
// refused: this type cannot be marshaled
// refused: IOpaque, IOpaque_description::method_Put, 2,
// refused: has_lock
// refused: IOpaque_description::method_Take, 1,
#include <insula/marshal/interface.hpp>

#include <vector>

class has_lock {
 public:
  explicit has_lock(int depth) : depth_(depth) {}
  int depth() const { return depth_; }

 private:
  int depth_;
};

struct IOpaque : insula::IUnknown {
#ifndef INSULA_ACCEPTED
  virtual insula::HRESULT Put(int key, const has_lock& value) = 0;
  virtual insula::HRESULT Take(const std::vector<has_lock>* values) = 0;
#else
  virtual insula::HRESULT Put(int key, int value) = 0;
  virtual insula::HRESULT Take(const std::vector<int>* values) = 0;
#endif
};
INSULA_INTERFACE(IOpaque, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000012", (Put),
                 (Take, in));
