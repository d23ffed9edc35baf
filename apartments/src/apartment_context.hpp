// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/object_context.hpp>

#include <atomic>

namespace insula {

class apartment_core;

/// The context object of one apartment, a part of it: every outside reference to it counts for the
/// apartment, which outlives it. What AddRef and Release say is the outside references alone, so
/// the last Release says 0 and the object is there again for the next who asks.
class apartment_context final : public IObjContext,
                                public IComThreadingInfo,
                                public IContextCallback {
 public:
  explicit apartment_context(apartment_core& home) : home_(home) {}

  // IUnknown
  HRESULT QueryInterface(REFIID iid, void** out) override;
  ULONG AddRef() override;
  ULONG Release() override;

  // IContext
  HRESULT SetProperty(REFGUID policy, CPFLAGS flags, IUnknown* value) override;
  HRESULT RemoveProperty(REFGUID policy) override;
  HRESULT GetProperty(REFGUID policy, CPFLAGS* flags, IUnknown** value) override;
  HRESULT EnumContextProps(IEnumContextProps** out) override;

  // IObjContext
  void Reserved1() override {}
  void Reserved2() override {}
  void Reserved3() override {}
  void Reserved4() override {}
  void Reserved5() override {}
  void Reserved6() override {}
  void Reserved7() override {}

  // IComThreadingInfo
  HRESULT GetCurrentApartmentType(APTTYPE* type) override;
  HRESULT GetCurrentThreadType(THDTYPE* type) override;
  HRESULT GetCurrentLogicalThreadId(GUID* id) override;
  HRESULT SetCurrentLogicalThreadId(REFGUID id) override;

  // IContextCallback
  HRESULT ContextCallback(PFNCONTEXTCALL callback, ComCallData* data, REFIID iid, int method,
                          IUnknown* reserved) override;

 private:
  apartment_core& home_;               // fixed: this is a part of it
  std::atomic<ULONG> references_{0};   // atomic: of outside
};

}  // namespace insula
