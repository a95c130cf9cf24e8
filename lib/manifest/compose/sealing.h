#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/vault.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// True when `text` contains a URL with a password: "postgres://app:hunter2@db/app".
bool has_url_password(std::string_view text);

/// The value of one environment variable of a container: a seal when it is or may be a secret (it
/// was interpolated or read from a file, or its name or its text looks like one), else the text.
/// Null stays null.
Json environment_json(std::string_view name, const Node& value, Vault& vault);

/// The value that stands below `keys` ("services", "web") as JSON. Texts in places that take
/// secrets become seals, whole, when a part of them came from a variable that is or may be a
/// secret, or brought a URL with a password. `environment` is judged as above.
Json sealed_json(const Node& value, std::vector<std::string> keys, Vault& vault);

}  // namespace aegis::compose
