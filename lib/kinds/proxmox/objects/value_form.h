#pragma once

#include "base/json.h"
#include "base/vault.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/objects/object_type.h"

namespace aegis::proxmox {

/// `value` of the manifest in the one shape in which it is compared with what is there: numbers as
/// numbers, lists as sorted sets, mappings as objects. Null when it is absent, empty, or the
/// field's fallback. Of named secrets the shape tells only the names. What cannot be read is kept
/// as it is, for the host to refuse.
Json shape_of_value(const Field& field, const Json& value);

/// The same of a value in an answer of the API, where texts may be base64. What is no base64 was
/// stored by somebody as it is.
Json shape_of_answer(const Field& field, const Json& value);

/// Adds the parameters that give `field` the value `shape` (not null).
void add_to_form(Form& form, const Field& field, const Json& shape);

/// Adds the parameters of a secret: a seal, or an object of seals. They are opened here.
void add_secret_to_form(Form& form, const Field& field, const Json& seals, const Vault& vault);

}  // namespace aegis::proxmox
