#pragma once

#include <span>
#include <string>

namespace aegis::compose {

/// True when the text below `keys` ("services", "web", "logging", "options", "token"; list items
/// add none) can hold a secret: specs carry it as a seal, and the engine gets its value. Any other
/// text of a Compose file is shown by plans, by the engine, or both.
bool takes_secrets(std::span<const std::string> keys);

/// Where secrets may stand, in words, for messages.
std::string secret_places();

}  // namespace aegis::compose
