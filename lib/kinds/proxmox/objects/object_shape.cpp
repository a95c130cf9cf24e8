#include "kinds/proxmox/objects/object_shape.h"

#include <fmt/format.h>

#include "base/text.h"
#include "kinds/proxmox/objects/value_form.h"
#include "model/owner_comment.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_comment = "comment";

void put(Json& shape, std::string_view name, Json value) {
  if (!value.is_null()) shape[std::string(name)] = std::move(value);
}

void finish(const ObjectType& type, Json& shape) {
  if (type.settle != nullptr) type.settle(shape);
}

// The shape's own `type`: an attribute where the manifest has it.
void put_type(const ObjectType& type, Json& shape, std::string_view object_type) {
  if (!type.types.empty()) put(shape, "type", std::string(object_type));
}

}  // namespace

Json shape_of_spec(const ObjectType& type, const Json& spec) {
  Json shape = Json::object();
  const std::string object_type = text_or(spec, "type");
  put_type(type, shape, object_type);
  for (const Field& field : type.fields) {
    if (!belongs_to(field, object_type)) continue;
    put(shape, field.name, shape_of_value(field, get(spec, field.name)));
  }
  finish(type, shape);
  return shape;
}

Json shape_of_item(const ObjectType& type, const Json& item, std::string_view object_type) {
  Json shape = Json::object();
  const std::string own_type = text_or(item, "type", object_type);
  put_type(type, shape, own_type);
  for (const Field& field : type.fields) {
    const bool hidden = field.form == ValueForm::secret || field.only_new;
    if (hidden || !belongs_to(field, own_type)) continue;
    const Json& value = get(item, key_of(field));
    if (type.marked && field.name == k_comment) {
      put(shape, field.name, shape_of_answer(field, std::string(without_owner(as_text(value)))));
    } else {
      put(shape, field.name, shape_of_answer(field, value));
    }
  }
  finish(type, shape);
  return shape;
}

Json secrets_of(const ObjectType& type, const Json& spec, bool for_new) {
  Json secrets = Json::object();
  const std::string object_type = text_or(spec, "type");
  for (const Field& field : type.fields) {
    const bool left_out = field.only_new && !for_new;
    if (!is_secret(field) || left_out || !belongs_to(field, object_type)) continue;
    put(secrets, field.name, get(spec, field.name));
  }
  return secrets;
}

bool is_ours(const ObjectType& type, const Json& item) {
  return !type.marked || is_owned_comment(text_or(item, k_comment));
}

std::string list_path(const ObjectType& type, std::string_view object_type) {
  constexpr std::string_view k_place = "{type}";
  std::string path(type.list);
  const std::size_t place = path.find(k_place);
  if (place != std::string::npos) path.replace(place, k_place.size(), object_type);
  return path;
}

std::string read_path(const ObjectType& type, std::string_view object_type) {
  return fmt::format("{}{}", list_path(type, object_type), type.list_query);
}

std::string item_path(const ObjectType& type, std::string_view object_type, std::string_view name) {
  return fmt::format("{}/{}", list_path(type, object_type), percent_encode(name));
}

}  // namespace aegis::proxmox
