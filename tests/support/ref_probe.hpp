// SPDX-License-Identifier: MIT
//
// Objects whose every reference is counted where the test can see it.
//   probe_log         what happened to one object; outlives it
//   ref_probe         base of such an object: IUnknown by hand, and IExternalConnection
//   make_probe        a new one, with one reference
//   references_of     the count of any object, which is seen only by changing it
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/unknown.hpp>
#include <insula/marshal/external_connection.hpp>

#include <atomic>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace insula::test {

/// All numbers are atomic: tests look from other threads than the object's.
struct probe_log {
  std::atomic<int> instances{0};
  std::atomic<int> references{0};
  std::atomic<int> add_refs{0};
  std::atomic<int> releases{0};
  std::atomic<int> queries{0};
  std::atomic<int> calls{0};
  std::atomic<int> connections{0};  // external ones, now
  std::atomic<int> connections_added{0};
  std::atomic<int> connections_released{0};
  std::atomic<int> last_release_closes{-1};  // as the last ReleaseConnection said; -1: none came

  // Set before the object is shared; called where the object is.
  std::function<void(REFIID)> on_query;
  std::function<void()> on_call;
  std::function<void()> on_end;
};

/// Base of a probe that implements I... and all that they derive from, and IExternalConnection.
/// Its identity is the pointer of the first I.
template <class... I>
class ref_probe : public I..., public IExternalConnection {
 public:
  explicit ref_probe(probe_log& log) : log_(log) {
    ++log_.instances;
    ++log_.references;
  }
  ref_probe(const ref_probe&) = delete;
  ref_probe& operator=(const ref_probe&) = delete;

  HRESULT QueryInterface(REFIID iid, void** out) override {
    ++log_.queries;
    if (log_.on_query) log_.on_query(iid);
    void* found = iid == IID_IUnknown ? unknown() : nullptr;
    if (iid == iid_of<IExternalConnection>()) found = static_cast<IExternalConnection*>(this);
    (void)(... || (found != nullptr || (found = find<I>(static_cast<I*>(this), iid)) != nullptr));
    *out = found;
    if (found == nullptr) return E_NOINTERFACE;
    AddRef();
    return S_OK;
  }
  ULONG AddRef() override {
    ++log_.add_refs;
    return static_cast<ULONG>(++log_.references);
  }
  ULONG Release() override {
    ++log_.releases;
    const int left = --log_.references;
    if (left == 0) delete this;
    return static_cast<ULONG>(left);
  }

  DWORD AddConnection(DWORD, DWORD) override {
    ++log_.connections_added;
    return static_cast<DWORD>(++log_.connections);
  }
  DWORD ReleaseConnection(DWORD, DWORD, BOOL last_release_closes) override {
    ++log_.connections_released;
    log_.last_release_closes = last_release_closes != 0 ? 1 : 0;
    return static_cast<DWORD>(--log_.connections);
  }

  /// The identity, not counted.
  IUnknown* unknown() noexcept {
    return static_cast<std::tuple_element_t<0, std::tuple<I...>>*>(this);
  }

 protected:
  virtual ~ref_probe() {
    if (log_.on_end) log_.on_end();
    --log_.instances;
  }
  void note_call() {
    ++log_.calls;
    if (log_.on_call) log_.on_call();
  }

 private:
  template <class J>
  static void* find(J* self, REFIID iid) noexcept {
    if constexpr (std::is_same_v<J, IUnknown>) return nullptr;
    else return iid == iid_of<J>() ? self : find<base_of_t<J>>(self, iid);
  }

  probe_log& log_;  // fixed
};

template <class T, class... Args>
[[nodiscard]] com_ptr<T> make_probe(Args&&... args) {
  return com_ptr<T>(new T(std::forward<Args>(args)...), take_ownership);
}

template <class I>
ULONG references_of(I* object) {
  object->AddRef();
  return object->Release();
}
template <class I>
ULONG references_of(const com_ptr<I>& object) {
  return references_of(object.get());
}

}  // namespace insula::test
