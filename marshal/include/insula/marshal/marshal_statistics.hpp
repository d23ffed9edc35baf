// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace insula {

/// How many exported objects and imported objects exist in this process. Exact when no other thread
/// marshals; a test that gives everything back sees the numbers of its beginning again.
/// A stub manager counts until the last proxy and channel that know it are gone, which may be after
/// the object itself was released. From: any thread.
[[nodiscard]] std::size_t live_stub_managers() noexcept;
[[nodiscard]] std::size_t live_proxy_managers() noexcept;

}  // namespace insula
