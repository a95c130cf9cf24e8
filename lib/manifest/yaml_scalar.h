#pragma once

#include <string_view>

#include "base/json.h"
#include "manifest/yaml.h"

namespace aegis {

/// What a plain scalar is by YAML 1.2's core schema: null (empty, "~", "null"), boolean ("true",
/// "false"), integer (decimal, 0o17, 0x1F), number (1.5, 1e3), else a string. What cannot be held
/// exactly enough is not lost: an integer above 64 bits is a number, and what no number can hold
/// (1e999, .inf) is a string.
YamlNode::Type type_of_plain_scalar(std::string_view text);

/// The value of a scalar node as JSON.
Json scalar_to_json(const YamlNode& node);

}  // namespace aegis
