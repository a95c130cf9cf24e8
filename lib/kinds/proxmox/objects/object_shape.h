#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "kinds/proxmox/objects/object_type.h"

namespace aegis::proxmox {

/// A manifest's spec in the shape of the diff: an object of the fields that its type has, without
/// those that have their fallback. Secrets stay seals.
Json shape_of_spec(const ObjectType& type, const Json& spec);

/// An answer of the API in that shape; `object_type` is the type that its path told, where the
/// answer itself has none. The owner marker is taken off the comment.
Json shape_of_item(const ObjectType& type, const Json& item, std::string_view object_type = {});

/// The names of the seals in `spec`'s shape: {"password": seal}, {"secret": {"token": seal}}.
/// With `for_new` also those that are sent only when the object is made.
Json secrets_of(const ObjectType& type, const Json& spec, bool for_new);

/// True when an existing object is ours. Objects that cannot carry a marker are.
bool is_ours(const ObjectType& type, const Json& item);

/// "/storage", "/cluster/notifications/endpoints/smtp": where objects of `object_type` are listed.
std::string list_path(const ObjectType& type, std::string_view object_type);

/// The same with the query that reading the list takes.
std::string read_path(const ObjectType& type, std::string_view object_type);

/// The path of one of them, its name encoded.
std::string item_path(const ObjectType& type, std::string_view object_type, std::string_view name);

}  // namespace aegis::proxmox
