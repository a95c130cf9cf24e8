#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/objects/object_type.h"
#include "kinds/proxmox/task.h"
#include "model/plan.h"

namespace aegis::proxmox {

/// The calls about one object, as a step describes it: {endpoint, name, type, wanted, secrets}.
/// Refers to the step and the doors: must not outlive them.
class ObjectCalls {
 public:
  ObjectCalls(const ObjectType& type, const Step& step, Effects& effects);

  /// The object's answer, or nothing when there is none.
  [[nodiscard]] Result<std::optional<Json>> read() const;

  /// POST: makes it as `shape` says, with the step's secrets.
  [[nodiscard]] Result<Json> make(const Json& shape) const;

  /// PUT: gives the attributes in `wanted` their values (null: their default), with the step's
  /// secrets and the owner marker. `present` is what was read last.
  [[nodiscard]] Result<Json> write(const Json& wanted, const Json& present) const;

  /// DELETE.
  [[nodiscard]] Result<Json> remove() const;

  /// True when `present` has the values in `wanted`, and our marker where there can be one.
  [[nodiscard]] bool has(const Json& present, const Json& wanted) const;

  /// True when it is on its way out.
  [[nodiscard]] bool is_leaving(const Json& present) const;

  /// `present` in the shape of the diff.
  [[nodiscard]] Json shape_of(const Json& present) const;

  /// `error`, saying which object it is about and, where that is known, what to do.
  [[nodiscard]] Error explained(const Error& error) const;

  /// For waiting as long as the step may take.
  [[nodiscard]] Pauses pauses() const;
  /// For waiting until a call whose answer was lost has surely ended: at most a minute.
  [[nodiscard]] Pauses short_pauses() const;

  [[nodiscard]] const ObjectType& type() const { return type_; }

 private:
  [[nodiscard]] Result<std::optional<Json>> find_in_list() const;
  [[nodiscard]] std::string list() const;
  [[nodiscard]] std::string item() const;
  void add_wanted(Form& form, const Json& wanted, std::vector<std::string>& unset) const;
  void add_secrets(Form& form) const;
  void add_unset(Form& form, const std::vector<std::string>& unset) const;

  const ObjectType& type_;
  const Step& step_;
  ApiClient api_;
  std::string name_;
  std::string object_type_;
  Deadline deadline_;
};

/// True when `error` says that there is no such object.
bool is_missing(const Error& error);

}  // namespace aegis::proxmox
