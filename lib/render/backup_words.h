#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "model/coverage.h"

namespace aegis {

/// "3d", "18h", "5m" for an age in seconds: nobody asks for more.
std::string rough_age(std::int64_t seconds);

/// "1.5GiB" or "0.3MiB".
std::string rough_size(std::int64_t bytes);

/// A copy for people: when it was made, how long ago, its name and size.
std::string newest_words(const Copy& copy, std::int64_t now);

/// A line of an entry: a label, and what is to be said.
std::string labelled_line(std::string_view label, const std::string& text);

/// A copy for programs.
Json copy_json(const Copy& copy, std::int64_t now);

inline std::chrono::sys_seconds as_time(std::int64_t seconds) {
  return std::chrono::sys_seconds{std::chrono::seconds(seconds)};
}

}  // namespace aegis
