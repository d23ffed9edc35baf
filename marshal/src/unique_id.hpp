// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace insula {

/// A number that this process never gives again, for oxids, oids and ipids. The first one is
/// random, so that a reference written by another process is not taken for one of ours. From: any
/// thread.
std::uint64_t next_unique_id() noexcept;

}  // namespace insula
