// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace insula {

template <class Signature>
class function_ref;

/// A borrowed callable: two words, no allocation. Valid while the callable it was made from lives,
/// so it is for parameters that are called before the function returns.
template <class R, class... A>
class function_ref<R(A...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, function_ref> &&
           std::is_invocable_r_v<R, F&, A...>) function_ref(F&& callable)
  noexcept  // NOLINT(google-explicit-constructor): a parameter type
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        invoke_([](void* object, A... arguments) -> R {
          return (*static_cast<std::remove_reference_t<F>*>(object))(std::forward<A>(arguments)...);
        }) {}

  R operator()(A... arguments) const { return invoke_(object_, std::forward<A>(arguments)...); }

 private:
  void* object_;
  R (*invoke_)(void*, A...);
};

}  // namespace insula
