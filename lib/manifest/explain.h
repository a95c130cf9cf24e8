#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aegis {

/// What else to say of a field, by the names of its section and its path in it ("containers",
/// "rootfs.size"): what a change of it disturbs. Empty for nothing.
using FieldRemark = std::function<std::string(std::string_view section, std::string_view path)>;

/// The description of a field such as "containers.rootfs" (names that a user chooses are left out),
/// or of all sections for an empty path: type, default, example, and the fields below. `not_found`
/// with a suggestion when there is no such field.
Result<std::string> explain(std::string_view path, const FieldRemark& remark);

/// The whole JSON Schema, self-contained, for editors.
std::string schema_for_editors();

}  // namespace aegis
