#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aegis {

/// Objects keep their keys sorted, so that a dump of equal values gives equal bytes.
using Json = nlohmann::json;

/// The JSON in `text`, or a `rejected` error that says where it is broken. At most 200 levels deep.
Result<Json> parse_json(std::string_view text);

/// One line, sorted keys; bytes that are not UTF-8 become U+FFFD instead of an exception.
std::string dump_json(const Json& value);

/// `object[key]`, or null when `object` is not an object or has no such key. Never throws.
const Json& get(const Json& object, std::string_view key);

/// Lenient readers for APIs that type loosely (Proxmox: 1, "1", 1.0). Nothing when it is not one.
std::optional<std::int64_t> as_integer(const Json& value);
std::optional<double> as_number(const Json& value);
std::optional<bool> as_bool(
    const Json& value);  ///< true/false, 1/0, "1"/"0", "yes"/"no", "on"/"off", ""

/// A scalar as text: strings as they are, numbers and booleans printed (true -> "1"), null -> "".
std::string as_text(const Json& value);

/// The string at `key`, or `fallback` when it is absent or not a string.
std::string text_or(const Json& object, std::string_view key, std::string_view fallback = "");

}  // namespace aegis
