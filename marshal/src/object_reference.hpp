// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/guid.hpp>
#include <insula/marshal/objref.hpp>

namespace insula {

/// Public references that one normal packet carries (what Windows puts into a STDOBJREF).
inline constexpr ULONG packet_references = 5;

/// What a standard packet says: this interface of that object of that exporter.
struct object_reference {
  IID iid{};
  oxid home{};
  oid object{};
  ipid interface_id{};
};

}  // namespace insula
