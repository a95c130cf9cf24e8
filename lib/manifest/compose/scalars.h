#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "base/diagnostic.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

// Canonical scalars. Numbers and booleans may also be written as text, because a variable always
// gives text. Whatever the reference implementation would change silently (0777 becomes 511, 1_000
// becomes 1000, a date becomes a timestamp) must be quoted.

/// Text that the Compose schema wants as text: a bare number or true/false is an error that says to
/// quote it.
std::optional<Node> read_text(const Node& value, Diagnostics& diagnostics);

/// Text for which `fits` is true; any other is an error that says it is not `expected`.
std::optional<Node> read_text_that(const Node& value,
                                   bool (*fits)(const std::string&),
                                   std::string_view expected,
                                   Diagnostics& diagnostics);

/// Any scalar as the text that stands in the file. Null is an error.
std::optional<Node> read_scalar_as_text(const Node& value, Diagnostics& diagnostics);

/// true or false.
std::optional<Node> read_flag(const Node& value, Diagnostics& diagnostics);

/// A whole number within the limits.
std::optional<Node> read_integer(const Node& value,
                                 std::int64_t smallest,
                                 std::int64_t largest,
                                 Diagnostics& diagnostics);

/// A whole number from 0 on; and one from -1 on, where -1 stands for "no limit".
std::optional<Node> read_count(const Node& value, Diagnostics& diagnostics);
std::optional<Node> read_limit(const Node& value, Diagnostics& diagnostics);

/// A number of CPUs: "0.5", 2.
std::optional<Node> read_cpus(const Node& value, Diagnostics& diagnostics);

/// Bytes: 1024, "512m", "1.5GiB".
std::optional<Node> read_bytes(const Node& value, Diagnostics& diagnostics);

/// Bytes, or -1 for "no limit".
std::optional<Node> read_bytes_or_unlimited(const Node& value, Diagnostics& diagnostics);

/// A duration as nanoseconds: "1m30s".
std::optional<Node> read_duration(const Node& value, Diagnostics& diagnostics);

/// A time as microseconds: 95000, "95ms".
std::optional<Node> read_microseconds(const Node& value, Diagnostics& diagnostics);

/// One of `words`.
std::optional<Node> read_word(const Node& value,
                              std::span<const std::string_view> words,
                              Diagnostics& diagnostics);

/// The whole number that `text` is in plain decimal, without leading zeros.
std::optional<std::int64_t> parse_decimal(std::string_view text);

}  // namespace aegis::compose
