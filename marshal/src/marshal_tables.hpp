// SPDX-License-Identifier: MIT
#pragma once

#include "export_table.hpp"
#include "import_table.hpp"

namespace insula {

/// What marshal knows about one exporter: the objects that it exports and those that it imported.
class marshal_tables {
 public:
  explicit marshal_tables(object_exporter& owner) : exports(owner), imports(owner) {}

  export_table exports;
  import_table imports;
};

}  // namespace insula
