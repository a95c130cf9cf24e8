#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis {

/// The schema of a whole project with every reference to another file filled in.
const Json& project_schema();

/// The same for editors, which see the references themselves: where the schema asks for a number, a
/// boolean or a text of some form, a text with "${" is right too.
Json editor_schema();

/// The schema of `key` in an object of `schema`: its property, the first pattern that matches, or
/// what is said of all others; null when the key is not allowed.
const Json* member_schema(const Json& schema, const std::string& key);

/// The keys that an object of `schema` may have, sorted; those matched by patterns are left out.
std::vector<std::string> known_keys(const Json& schema);

/// True when the names in an object of `schema` are the user's own (`servers`, `network`).
bool has_free_keys(const Json& schema);

/// True when the regular expression is found in `text` (anchor it to mean the whole). Compiled
/// once. A text of more than 1024 bytes never matches: nothing that has a pattern is that long.
bool matches_pattern(const std::string& pattern, const std::string& text);

/// True for a field whose value must never be shown ("x-secret").
bool is_secret_field(const Json& schema);

/// True when `schema` allows values of the JSON type `type`, or does not speak of types.
bool allows_type(const Json& schema, std::string_view type);

/// The types that `schema` allows: "string", "integer", ...; empty when it does not say.
std::vector<std::string> allowed_types(const Json& schema);

}  // namespace aegis
