// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/contain.hpp>
#include <insula/core/unknown.hpp>

#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

namespace insula {

namespace detail {
[[noreturn]] void throw_query_failed(HRESULT code, REFIID iid);
}

template <class I>
class com_ptr;

/// QueryInterface of `object` for J, or for `iid`. On failure, and when it throws, `*out` is empty,
/// whatever a careless object left there. Runs your code: QueryInterface. Fails: what it returns.
template <class I, class J>
HRESULT query_interface(I* object, com_ptr<J>* out, REFIID iid = iid_of<J>()) {
  out->reset();
  void* found = nullptr;
  const HRESULT code = object->QueryInterface(iid, &found);
  if (SUCCEEDED(code)) out->attach(static_cast<J*>(found));
  return code;
}

/// Says that a raw pointer brings a reference that the new com_ptr takes over.
struct take_ownership_t {};
inline constexpr take_ownership_t take_ownership{};

/// Owns one reference to an object, through interface I (or an implementation class).
///
///     com_ptr<IStream> stream;
///     throw_if_failed(CreateStreamOnHGlobal(nullptr, 1, stream.put()));
///     auto narrow = stream.as<ISequentialStream>();
///
/// From: one thread at a time for one com_ptr; which threads may use the object is the object's
/// business. Runs your code: letting go of the last reference runs the object's destructor. What a
/// Release or a destructor throws goes to the log (`error`), for nobody could go on from there.
template <class I>
class com_ptr {
 public:
  using element_type = I;

  com_ptr() noexcept = default;
  com_ptr(std::nullptr_t) noexcept {}
  /// Adds a reference of its own; the caller keeps the one it has.
  explicit com_ptr(I* object) noexcept : object_(object) { add_ref(); }
  /// Takes over the caller's reference.
  com_ptr(I* object, take_ownership_t) noexcept : object_(object) {}

  com_ptr(const com_ptr& other) noexcept : object_(other.object_) { add_ref(); }
  com_ptr(com_ptr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}

  template <class D>
  requires(!std::is_same_v<D, I> && std::is_convertible_v<D*, I*>) com_ptr(const com_ptr<D>& other)
  noexcept : object_(other.get()) { add_ref(); }
  template <class D>
  requires(!std::is_same_v<D, I> && std::is_convertible_v<D*, I*>) com_ptr(com_ptr<D>&& other)
  noexcept : object_(other.detach()) {}

  ~com_ptr() { release(); }

  com_ptr& operator=(com_ptr other) noexcept {
    swap(other);
    return *this;
  }

  [[nodiscard]] I* get() const noexcept { return object_; }
  I* operator->() const noexcept { return object_; }
  I& operator*() const noexcept { return *object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }

  /// For an out-parameter: lets go of what it holds, then gives its address.
  [[nodiscard]] I** put() noexcept {
    release();
    return &object_;
  }
  /// The same for functions that take `void**`.
  [[nodiscard]] void** put_void() noexcept { return reinterpret_cast<void**>(put()); }

  /// Takes over the caller's reference to `object`.
  void attach(I* object) noexcept {
    I* const old = std::exchange(object_, object);
    if (old != nullptr) detail::let_go(old);
  }
  /// Hands the reference to the caller and becomes empty.
  [[nodiscard]] I* detach() noexcept { return std::exchange(object_, nullptr); }

  void reset() noexcept { release(); }

  /// Adds a reference of its own to `object`.
  void copy_from(I* object) noexcept { *this = com_ptr(object); }
  /// `*out` becomes a counted pointer to the same, or null.
  void copy_to(I** out) const noexcept {
    add_ref();
    *out = object_;
  }

  /// Another interface of the same object. Empty gives empty.
  /// Fails: throws com_error; E_NOINTERFACE when the object does not have it.
  template <class J>
  [[nodiscard]] com_ptr<J> as() const {
    com_ptr<J> result;
    if (object_ == nullptr) return result;
    const HRESULT code = query_interface(object_, &result);
    if (FAILED(code)) detail::throw_query_failed(code, iid_of<J>());
    return result;
  }

  /// Another interface of the same object, or empty.
  template <class J>
  [[nodiscard]] com_ptr<J> try_as() const {
    com_ptr<J> result;
    if (object_ != nullptr) (void)query_interface(object_, &result);
    return result;
  }

  void swap(com_ptr& other) noexcept { std::swap(object_, other.object_); }
  friend void swap(com_ptr& a, com_ptr& b) noexcept { a.swap(b); }

  friend bool operator==(const com_ptr& p, std::nullptr_t) noexcept { return p.object_ == nullptr; }
  friend bool operator==(const com_ptr& p, const I* q) noexcept { return p.object_ == q; }

 private:
  void add_ref() const noexcept {
    if (object_ != nullptr) object_->AddRef();
  }
  void release() noexcept {
    I* const old = std::exchange(object_, nullptr);
    if (old != nullptr) detail::let_go(old);
  }

  I* object_ = nullptr;  // owner: whoever uses this com_ptr
};

/// Compares pointers, not identity: two interfaces of one object are the same object when their
/// `as<IUnknown>()` are equal.
template <class I, class J>
bool operator==(const com_ptr<I>& a, const com_ptr<J>& b) noexcept {
  return a.get() == b.get();
}

}  // namespace insula

template <class I>
struct std::hash<insula::com_ptr<I>> {
  std::size_t operator()(const insula::com_ptr<I>& p) const noexcept {
    return std::hash<I*>{}(p.get());
  }
};
