#include "kinds/proxmox/objects/object_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kinds/proxmox/objects/object_shape.h"
#include "kinds/proxmox/objects/value_form.h"
#include "model/owner_comment.h"

namespace aegis::proxmox {
namespace {

// Proxmox's own proxy cuts a call off after 30 s, and the work behind it goes on.
constexpr std::chrono::seconds k_patience{60};
constexpr std::string_view k_comment = "comment";

}  // namespace

bool is_missing(const Error& error) {
  if (error.code == ErrorCode::not_found) return true;
  return error.code == ErrorCode::rejected &&
         to_lower(error.message).find("no such ") != std::string::npos;
}

ObjectCalls::ObjectCalls(const ObjectType& type, const Step& step, Effects& effects)
    : type_(type),
      step_(step),
      api_(effects, text_or(step.input, "endpoint")),
      name_(text_or(step.input, "name")),
      object_type_(text_or(step.input, "type")),
      deadline_(effects.clock.now() + step.timeout) {}

std::string ObjectCalls::list() const {
  return api_path(list_path(type_, object_type_));
}

std::string ObjectCalls::item() const {
  return api_path(item_path(type_, object_type_, name_));
}

Result<std::optional<Json>> ObjectCalls::find_in_list() const {
  const auto list = api_.get(api_path(read_path(type_, object_type_)));
  if (!list) return list.error();
  for (const Json& item : *list) {
    if (text_or(item, type_.id_key) == name_) return std::optional(item);
  }
  return std::optional<Json>();
}

Result<std::optional<Json>> ObjectCalls::read() const {
  if (type_.found_in_list) return find_in_list();
  const auto answer = api_.get(item());
  if (answer) return std::optional(*answer);
  if (is_missing(answer.error())) return std::optional<Json>();
  return answer.error();
}

Result<Json> ObjectCalls::make(const Json& shape) const {
  Form form;
  if (!type_.made_at_item) form.emplace_back(type_.id_key, name_);
  if (type_.sends_type) form.emplace_back("type", object_type_);
  if (!type_.constant_type.empty()) form.emplace_back("type", type_.constant_type);
  std::vector<std::string> unset;
  Json wanted = shape;
  if (type_.marked) wanted[std::string(k_comment)] = get(shape, k_comment);
  add_wanted(form, wanted, unset);
  add_secrets(form);
  return api_.post(type_.made_at_item ? item() : list(), form);
}

Result<Json> ObjectCalls::write(const Json& wanted, const Json& present) const {
  Form form;
  std::vector<std::string> unset;
  Json all = wanted;
  const Json shape = shape_of(present);
  for (const Field& field : type_.fields) {
    const std::string name(field.name);
    if (field.always && !all.contains(name) && !get(shape, name).is_null()) {
      all[name] = get(shape, name);
    }
  }
  if (!is_ours(type_, present) && !all.contains(std::string(k_comment))) {
    all[std::string(k_comment)] = get(shape, k_comment);
  }
  add_wanted(form, all, unset);
  add_secrets(form);
  add_unset(form, unset);
  const std::string digest = text_or(present, "digest");
  if (type_.digest && !digest.empty()) form.emplace_back("digest", digest);
  return api_.put(item(), form);
}

Result<Json> ObjectCalls::remove() const {
  return api_.remove(item(), {});
}

bool ObjectCalls::has(const Json& present, const Json& wanted) const {
  if (!is_ours(type_, present)) return false;
  const Json shape = shape_of(present);
  for (const auto& [name, value] : wanted.items()) {
    const Field* field = find_field(type_, name);
    const bool is_seen = field != nullptr && field->form != ValueForm::secret && !field->only_new;
    if (is_seen && get(shape, name) != value) return false;
  }
  return true;
}

bool ObjectCalls::is_leaving(const Json& present) const {
  return type_.is_leaving != nullptr && type_.is_leaving(present);
}

Json ObjectCalls::shape_of(const Json& present) const {
  return shape_of_item(type_, present, object_type_);
}

Error ObjectCalls::explained(const Error& error) const {
  return error.in_context(fmt::format("{} {}", type_.noun, name_));
}

Pauses ObjectCalls::pauses() const {
  return {api_.effects().clock, deadline_};
}

Pauses ObjectCalls::short_pauses() const {
  Clock& clock = api_.effects().clock;
  return {clock, std::min(deadline_, clock.now() + k_patience)};
}

void ObjectCalls::add_wanted(Form& form,
                             const Json& wanted,
                             std::vector<std::string>& unset) const {
  for (const Field& field : type_.fields) {
    const auto value = wanted.find(std::string(field.name));
    if (value == wanted.end()) continue;
    const std::string key(key_of(field));
    if (type_.marked && field.name == k_comment) {
      form.emplace_back(key, owned_comment(as_text(*value)));
    } else if (!value->is_null()) {
      add_to_form(form, field, *value);
    } else if (field.stays) {
      form.emplace_back(key, field.fallback);
    } else {
      unset.push_back(key);
    }
  }
}

void ObjectCalls::add_secrets(Form& form) const {
  const Vault& vault = api_.effects().vault;
  for (const auto& [name, seals] : get(step_.input, "secrets").items()) {
    const Field* field = find_field(type_, name);
    if (field != nullptr) add_secret_to_form(form, *field, seals, vault);
  }
}

void ObjectCalls::add_unset(Form& form, const std::vector<std::string>& unset) const {
  if (unset.empty()) return;
  if (!type_.repeats_delete) {
    form.emplace_back("delete", join(unset, ","));
    return;
  }
  for (const std::string& key : unset) form.emplace_back("delete", key);
}

}  // namespace aegis::proxmox
