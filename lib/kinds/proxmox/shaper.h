#pragma once

#include <string_view>

#include "base/json.h"

namespace aegis::proxmox {

/// Takes members of one object over into another, each in its one form. Refers to the source: must
/// not outlive it.
class Shaper {
 public:
  explicit Shaper(const Json& from) : from_(from) {}

  /// A text; an empty one is left out.
  void text(std::string_view key);
  void lower_text(std::string_view key);
  /// A text that is left out when it has its default.
  void text(std::string_view key, std::string_view usual);

  /// A number, from a text too.
  void number(std::string_view key);

  /// A size in its one form.
  void size(std::string_view key);

  /// A flag whose absence means something of its own.
  void flag(std::string_view key);
  /// A flag that is left out when it has its default.
  void flag(std::string_view key, bool usual);
  /// A flag that is always told.
  void told_flag(std::string_view key, bool usual);

  /// A list or a text of words; an empty one is left out.
  void words(std::string_view key, bool is_set);

  /// `value` at `key`, unless it is null.
  void put(std::string_view key, Json value);

  /// Leaves `key` out when it is `usual`.
  void drop(std::string_view key, const Json& usual);

  /// The shape of the object at `key`, unless it is empty.
  void group(std::string_view key, Json (*shape)(const Json&));
  /// The shapes of all members of the object at `key`, unless there are none.
  void members(std::string_view key, Json (*shape)(const Json&));

  [[nodiscard]] const Json& source(std::string_view key) const;
  Json take() { return std::move(into_); }

 private:
  const Json& from_;
  Json into_ = Json::object();
};

/// {order, up, down}.
Json shape_of_startup(const Json& startup);

/// The text without line ends at its end; null when nothing is left.
Json shape_of_description(const Json& description);

/// The words in lower case; null when there are none.
Json lower_words(const Json& list);

/// A MAC address in upper case; null for an empty one.
Json shape_of_mac(const Json& mac);

}  // namespace aegis::proxmox
