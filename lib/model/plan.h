#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/json.h"
#include "model/address.h"
#include "model/window.h"

namespace aegis {

/// What a change disturbs, mildest first.
enum class Disruption { none, reload, restart_service, reboot_container, recreate, data_loss };
std::string_view to_string(Disruption disruption);
std::optional<Disruption> parse_disruption(std::string_view text);

/// The way an attribute is written: the API, or what Proxmox keeps for root@pam.
enum class Door { api, root };
std::string_view to_string(Door door);

enum class Action { create, update, replace, adopt, remove };
std::string_view to_string(Action action);
std::optional<Action> parse_action(std::string_view text);

/// One attribute that differs. Null stands for "absent"; secrets are seals.
struct AttributeChange {
  std::string path;
  Json before;
  Json after;
  Disruption disruption = Disruption::none;
  Door door = Door::api;
  bool forces_replace = false;  ///< the live system cannot change it on the existing object
  std::string note;             ///< why, in a few words; may be empty
};

/// What would happen to one resource: for people.
struct Change {
  Address address;
  Action action = Action::update;
  std::string cause;  ///< "not found", "memory changed", "no longer in the manifests"
  std::vector<AttributeChange> attributes;
  Disruption disruption = Disruption::none;
  bool destroys_data = false;
  /// When not empty the change will not be made, and this says why and which flag allows it.
  std::string blocked;
  /// It disturbs so much that it is only made while this is open.
  std::optional<Window> window = std::nullopt;
  std::optional<SourceSpan> where = std::nullopt;
};

using StepId = int;

/// One remote operation with nothing left to decide: for the executor.
struct Step {
  StepId id = 0;
  Address address;
  std::string operation;  ///< one of the kind's operations, "create"
  std::string title;      ///< for people: "create container 103"
  std::string lane;       ///< steps with the same non-empty lane never run at the same time
  Json input;
  std::vector<StepId> after;
  std::chrono::milliseconds timeout{60'000};
  Disruption disruption = Disruption::none;
  bool prepares = false;  ///< fetches or checks only; done before anything is disturbed
  bool destroys_data = false;
  /// Steps of one non-empty group stand or fall together: when one fails, the `undo` operations of
  /// those begun are performed, last first, with the step's own input and output.
  std::string group;
  std::string undo;
  /// Steps with the same non-empty value are one: the planner keeps one of them, after everything
  /// that any of them waits for (one reload for several changes).
  std::string once;
};

/// A value: what would be changed, and how. Holds no secret, no clock, no pointer.
struct Plan {
  std::vector<Change> changes;  ///< sorted by address; resources without a difference are left out
  std::vector<Step> steps;      ///< ids ascend from 1 in an order that respects `after`
  Diagnostics notes;            ///< warnings and hints of the live systems

  /// True when some change will be made.
  [[nodiscard]] bool has_work() const { return !steps.empty(); }
  /// True when the live systems differ from the manifests, blocked changes included.
  [[nodiscard]] bool has_differences() const { return !changes.empty(); }
};

}  // namespace aegis
