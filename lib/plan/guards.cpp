#include "plan/guards.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "plan/selection.h"

namespace aegis {
namespace {

std::vector<std::string> forcing_paths(const Change& change) {
  std::vector<std::string> paths;
  for (const AttributeChange& attribute : change.attributes) {
    if (attribute.forces_replace) paths.push_back(attribute.path);
  }
  return paths;
}

std::string adoption_objection(const Change& change, const PlanOptions& options) {
  const std::string name = to_string(change.address);
  if (!covered(options.adopts, change.address)) {
    return fmt::format("It exists and was not made by aegisctl. To take it over{}: --adopt {}.",
                       change.attributes.empty() ? "" : " and change it as shown",
                       name);
  }
  const auto forcing = forcing_paths(change);
  if (forcing.empty()) return {};
  return fmt::format(
      "It can be taken over but not become as declared: {} cannot be changed on the existing "
      "object. Write the live value into the manifest, or replace the object as well: --replace "
      "{}.",
      list_words(forcing),
      name);
}

}  // namespace

std::string owner_objection(const Change& change,
                            bool owned,
                            bool declared,
                            const PlanOptions& options) {
  if (change.action == Action::adopt) return adoption_objection(change, options);
  if (change.action != Action::remove) return {};
  if (!owned) {
    return "It was not made by aegisctl, so it is not removed. Adopt it first, or remove it by "
           "hand.";
  }
  if (declared || options.prune || covered(options.destroys, change.address)) return {};
  return fmt::format("The manifests no longer declare it. To remove it{}: --prune.",
                     change.destroys_data ? " and its data" : "");
}

std::string keep_objection(const Change& change, const Kind& kind, const Observation& live) {
  const bool ends = change.action == Action::remove || change.action == Action::replace;
  return ends && kind.keeps != nullptr && live.exists ? kind.keeps(change.action, live)
                                                      : std::string();
}

std::string data_objection(const Change& change, const PlanOptions& options) {
  if (change.action != Action::replace || !change.destroys_data) return {};
  if (named(options.replaces, change.address)) return {};
  const auto forcing = forcing_paths(change);
  return fmt::format(
      "Replacing it destroys its data{}. To allow that, after a backup, name it: --replace {}.",
      forcing.empty()
          ? std::string()
          : fmt::format(", and {} cannot be changed on the existing object", list_words(forcing)),
      to_string(change.address));
}

std::string root_objection(const Change& change, const Scope& scope) {
  if (get(scope.settings, "root") != Json(false) || change.action == Action::remove) return {};
  std::vector<std::string> paths;
  for (const AttributeChange& attribute : change.attributes) {
    if (attribute.door == Door::root) paths.push_back(attribute.path);
  }
  if (paths.empty()) return {};
  return fmt::format(
      "Proxmox lets only root@pam set {}, and an API token never counts as root. Give {} an ssh: "
      "connection, or user: root@pam with a password:.",
      list_words(paths),
      scope.name);
}

std::optional<Window> window_of(const Change& change,
                                const Scope& scope,
                                const PlanOptions& options) {
  // What is named to be destroyed is meant to go at once.
  if (options.now || covered(options.destroys, change.address)) return std::nullopt;
  const Json& own = get(get(scope.settings, "windows"), to_string(change.address));
  const Json& gate = own.is_null() ? get(scope.settings, "window") : own;
  const auto from = parse_disruption(text_or(gate, "from"));
  if (!from || change.disruption < *from) return std::nullopt;
  return parse_window(gate);
}

}  // namespace aegis
