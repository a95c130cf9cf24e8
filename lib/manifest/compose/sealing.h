#pragma once

#include <string_view>

#include "base/vault.h"
#include "manifest/compose/node.h"

namespace aegis::compose {

/// True when a variable of this name is taken for a secret: it contains PASS, PWD, SECRET, TOKEN,
/// KEY, CREDENTIAL, PRIVATE or AUTH, in any case.
bool is_secret_name(std::string_view name);

/// True when `text` contains a URL with a password: "postgres://app:hunter2@db/app".
bool has_url_password(std::string_view text);

/// The value of one environment variable of a container: a seal when it is or may be a secret (it
/// was interpolated or read from a file, or its name or its text looks like one), else the text.
/// Null stays null.
Json environment_json(std::string_view name, const Node& value, Vault& vault);

/// A text of a command, a label or a health check: a seal, whole, when a part of it came from a
/// variable that is named like a secret or brought a URL with a password; else the text.
Json command_json(const Node& text, Vault& vault);

}  // namespace aegis::compose
