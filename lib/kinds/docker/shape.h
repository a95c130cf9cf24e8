#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis::docker {

/// Sets `object[key]` unless `value` says nothing: null, "", 0, false, [] and {} are all the
/// absence of a setting to the engine.
void put(Json& object, std::string_view key, Json value);

/// The elements as a sorted array without repetitions; null for anything but an array.
Json sorted_set(const Json& list);

/// `list` with every text put through `change`; seals stay.
Json each_text(const Json& list, const std::function<std::string(const std::string&)>& change);

/// `map` with its values as texts; seals stay. An empty object for anything but an object.
Json text_values(const Json& map);

/// The integer, or 0.
std::int64_t integer_or_zero(const Json& value);

/// Nanoseconds as "1m30s"; null for 0 and for what is no integer.
Json duration_text(const Json& nanoseconds);

/// The settings whose undeclared value is a default of the engine that inspect cannot tell from a
/// declared one. They are compared only when they are declared now, or were when the container was
/// made: its label remembers.
class Declared {
 public:
  /// `wanted`: the desired attributes, which must outlive this; `label`: a comma list of paths.
  Declared(const Json& wanted, std::string_view label);

  using Path = std::initializer_list<std::string_view>;

  [[nodiscard]] bool has(Path path) const;

  /// True when it was declared when the container was made.
  [[nodiscard]] bool recorded(Path path) const;

  /// What is desired now at `path`; null when nothing is.
  [[nodiscard]] const Json& wanted(Path path) const;

 private:
  const Json& wanted_;
  std::set<std::string, std::less<>> label_;
};

/// The paths for the label: which such settings `wanted` declares.
std::vector<std::string> declared_paths(const Json& wanted);

/// The paths of the attributes in `wanted` that hold a seal: "command", "environment.TOKEN".
std::vector<std::string> sealed_paths(const Json& wanted);

}  // namespace aegis::docker
