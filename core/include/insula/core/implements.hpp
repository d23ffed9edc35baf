// SPDX-License-Identifier: MIT
//
// Writes the three functions of IUnknown for a class.
//   implements         base class: class counter : public implements<counter, ICounter> {…};
//   make               a new object, as com_ptr
//   make_aggregated    a new object that is part of another one
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/contain.hpp>
#include <insula/core/object_state.hpp>
#include <insula/core/type_name.hpp>
#include <insula/core/unknown.hpp>
#include <insula/core/weak_reference.hpp>

#include <atomic>
#include <concepts>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace insula {

namespace detail {
template <class T>
class inner_unknown;

// Neither listed twice nor a base of another one that is listed.
template <class J, class... I>
inline constexpr bool listed_for_itself = (0 + ... + (std::is_base_of_v<J, I> ? 1 : 0)) == 1;
}  // namespace detail

/// Base of a class T that implements interfaces I... (and all that they derive from).
///
/// - QueryInterface answers for each I, its bases, and IUnknown, whose pointer (that of the first
///   I) is the object's identity. What is not listed is asked of
///   `HRESULT T::query_interface_tail(REFIID, void**)` if T has it; then weak references are
///   offered; then it is E_NOINTERFACE.
/// - The count is safe from any thread. Whoever lets go last runs T's destructor, or, if T has it,
///   `static void T::final_release(std::unique_ptr<T>)`, which may move the object to a better
///   place to die.
/// - What T's destructor or final_release throws goes to the log (`error`) with T's name; Release
///   returns. Destructors here may throw, for that of `implements` is noexcept(false): a T that
///   also derives from a class whose virtual destructor may not, says `~T() noexcept override`. Two
///   ends cannot be caught by anybody: what leaves a noexcept destructor, as std::unique_ptr's, and
///   a second exception out of one unwinding.
/// - Weak references cost nothing until the first one is asked for.
/// - An object can check its home, the apartment it was made in, at each entry: the functions of
///   IUnknown, and those of T that begin with `require_home()`. `static constexpr bool checks_home`
///   of T says whether. True: what comes from another apartment is logged (`error`), with class,
///   home and caller; QueryInterface and require_home refuse it (RPC_E_WRONG_THREAD). False: T's
///   objects may be used everywhere. Without it, debug builds check and only log
///   (INSULA_CHECK_HOMES, home.hpp). The check is two loads and a comparison.
/// - What T adds for `implements` to find must be public.
/// - Objects are made by `make` and `make_aggregated` only.
///
/// T's constructor may take and give back references to `this`; it must not leave any behind when
/// T is aggregated.
template <class T, class... I>
class implements : public I... {
  static_assert(sizeof...(I) > 0, "implements<T, I...> needs at least one interface");
  static_assert((std::is_base_of_v<IUnknown, I> && ...), "each I must derive from IUnknown");
  static_assert((detail::listed_for_itself<I, I...> && ...),
                "implements lists an interface together with one that derives from it, which "
                "brings it along: list only the derived one");

 public:
  implements(const implements&) = delete;
  implements& operator=(const implements&) = delete;

  HRESULT QueryInterface(REFIID iid, void** out) final {
    if (!insula_at_home("QueryInterface") && insula_refuses()) [[unlikely]] {
      if (out != nullptr) *out = nullptr;
      return RPC_E_WRONG_THREAD;
    }
    if (IUnknown* const outer = insula_state_.outer()) return outer->QueryInterface(iid, out);
    return insula_query(iid, out);
  }

  ULONG AddRef() final {
    (void)insula_at_home("AddRef");
    if (IUnknown* const outer = insula_state_.outer()) [[unlikely]]
      return outer->AddRef();
    return insula_state_.add_ref();
  }

  ULONG Release() final {
    (void)insula_at_home("Release");
    if (IUnknown* const outer = insula_state_.outer()) [[unlikely]]
      return outer->Release();
    const ULONG left = insula_state_.release();
    if (left == 0) insula_end();
    return left;
  }

 protected:
  implements() noexcept {
    if constexpr (insula_checks_home()) insula_state_.settle_here();
  }

  /// Fails (com_error): RPC_E_WRONG_THREAD in another apartment than the object's, with a sentence
  /// that names `entry`, the calling function. A T without checks_home is not refused.
  void require_home(const char* entry = __builtin_FUNCTION()) const {
    if (!insula_at_home(entry) && insula_refuses()) [[unlikely]]
      detail::throw_away_from_home();
  }

  virtual ~implements() noexcept(false) {}

 private:
  friend class detail::inner_unknown<T>;

  using first_interface = std::tuple_element_t<0, std::tuple<I...>>;

  static constexpr bool insula_checks_home() {
    if constexpr (requires { bool{T::checks_home}; }) return T::checks_home;
    else return detail::check_homes;
  }

  static constexpr bool insula_refuses() {
    if constexpr (requires { bool{T::checks_home}; }) return T::checks_home;
    else return false;
  }

  bool insula_at_home([[maybe_unused]] const char* entry) const noexcept {
    if constexpr (insula_checks_home()) {
      return insula_state_.at_home(detail::type_name<T>(), entry);
    } else {
      return true;
    }
  }

  IUnknown* insula_identity() noexcept { return static_cast<first_interface*>(this); }

  template <class J>
  static void* insula_find(J* self, REFIID iid) noexcept {
    if constexpr (std::is_same_v<J, IUnknown>) {
      return nullptr;  // the identity is answered before
    } else {
      if (iid == iid_of<J>()) return self;
      return insula_find<base_of_t<J>>(self, iid);
    }
  }

  /// QueryInterface of this object alone, whatever its outer object would say.
  HRESULT insula_query(REFIID iid, void** out) {
    if (out == nullptr) return E_POINTER;
    void* found = nullptr;
    if (iid == iid_of<IUnknown>()) found = insula_identity();
    else (void)((found = insula_find<I>(static_cast<I*>(this), iid)) || ...);
    *out = found;
    if (found == nullptr) return insula_query_unlisted(iid, out);
    AddRef();
    return S_OK;
  }

  HRESULT insula_query_unlisted(REFIID iid, void** out) {
    if constexpr (requires(T & self) {
                    { self.query_interface_tail(iid, out) } -> std::same_as<HRESULT>;
                  }) {
      const HRESULT code = static_cast<T*>(this)->query_interface_tail(iid, out);
      if (SUCCEEDED(code) || code != E_NOINTERFACE) return code;
      *out = nullptr;
    }
    // The weak references of an aggregate are its outer object's business.
    if (iid == iid_of<IWeakReferenceSource>() && insula_state_.outer() == nullptr)
      return insula_state_.weak_source(insula_identity(), out);
    return E_NOINTERFACE;
  }

  void insula_end() noexcept {
    insula_state_.close();
    if constexpr (requires(std::unique_ptr<T> self) { T::final_release(std::move(self)); })
      (void)detail::contain("final_release", detail::type_name<T>(), [this] {
        T::final_release(std::unique_ptr<T>(static_cast<T*>(this)));
      });
    else
      (void)detail::contain("the destructor", detail::type_name<T>(),
                            [this] { delete static_cast<T*>(this); });
  }

  detail::object_state insula_state_;
};

/// A new T with one reference, which the result owns. Fails: throws what T's constructor throws.
template <class T, class... Args>
[[nodiscard]] com_ptr<T> make(Args&&... args) {
  return com_ptr<T>(new T(std::forward<Args>(args)...), take_ownership);
}

/// A new T as part of `outer`, whose three IUnknown functions T's interfaces then use. The result
/// is the inner unknown: it alone holds T, and its QueryInterface gives T's own interfaces. `outer`
/// keeps it and passes on what it wants to offer; T does not count `outer`.
/// A null `outer` gives an object that stands alone.
template <class T, class... Args>
[[nodiscard]] com_ptr<IUnknown> make_aggregated(IUnknown* outer, Args&&... args) {
  if (outer == nullptr) return make<T>(std::forward<Args>(args)...).template as<IUnknown>();
  auto inner = std::make_unique<detail::inner_unknown<T>>();
  inner->adopt(new T(std::forward<Args>(args)...), outer);
  return com_ptr<IUnknown>(inner.release(), take_ownership);
}

namespace detail {

template <class T>
class inner_unknown final : public IUnknown {
 public:
  void adopt(T* object, IUnknown* outer) noexcept {
    object_ = object;
    object->insula_state_.set_outer(outer);
  }

  HRESULT QueryInterface(REFIID iid, void** out) override {
    if (out == nullptr) return E_POINTER;
    if (iid != iid_of<IUnknown>()) return object_->insula_query(iid, out);
    *out = static_cast<IUnknown*>(this);
    AddRef();
    return S_OK;
  }

  ULONG AddRef() override { return count_.fetch_add(1, std::memory_order_relaxed) + 1; }

  ULONG Release() override {
    const ULONG left = count_.fetch_sub(1, std::memory_order_acq_rel) - 1;
    if (left == 0) {
      // The outer object may be gone before a final_release of T ends.
      object_->insula_state_.set_outer(nullptr);
      object_->insula_end();
      delete this;
    }
    return left;
  }

 private:
  std::atomic<ULONG> count_{1};  // atomic
  T* object_ = nullptr;          // fixed
};

}  // namespace detail
}  // namespace insula
