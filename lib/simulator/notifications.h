#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "simulator/section_config.h"
#include "simulator/world.h"

namespace aegis::simulator {

/// The targets and matchers of the notification system: one name space, two of them built in.
class Notifications {
 public:
  explicit Notifications(SectionFile& file) : file_(file) {}

  /// The object called `name`, built-in ones included, or nothing.
  [[nodiscard]] std::optional<Section> find(std::string_view name) const;
  /// All objects, those that are built in first.
  [[nodiscard]] std::vector<std::string> names() const;
  /// "builtin", "modified-builtin" or "user-created".
  [[nodiscard]] std::string_view origin_of(std::string_view name) const;
  [[nodiscard]] bool is_builtin(std::string_view name) const;

  void put(const std::string& name, Section section);
  /// Removes the object; one that is built in goes back to what it was.
  void remove(std::string_view name);

  /// The matchers that send to the target, with ", " between them.
  [[nodiscard]] std::string users_of(std::string_view target) const;
  /// SHA-256 of the file, the same for all objects.
  [[nodiscard]] std::string digest() const;

 private:
  SectionFile& file_;
};

/// The object as a GET shows it: lists as lists, secrets by their names alone.
Json notification_json(const Notifications& all,
                       std::string_view name,
                       const Section& section,
                       std::span<const Field> fields);

/// Takes the wanted "name=N,value=V" entries of a webhook for its secrets: an entry without a value
/// keeps the stored one (400 when there is none), what is not named goes.
Refusal take_secrets(std::string_view entries, Section& section);

/// Sends a test notification: 500 with the reason when the target's server does not answer.
Refusal send_test(const World& world, const Section& section);

}  // namespace aegis::simulator
