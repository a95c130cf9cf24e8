#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "model/secret_facts.h"
#include "render/style.h"

namespace aegis {

/// The secrets for people: where each comes from, whether it has a value, and where it is used.
std::string render_text(const std::vector<SecretFacts>& secrets, const Style& style);

/// The same for programs: {"format_version", "secrets": [{"name", "source", "resolves", "problem",
/// "warnings", "uses": [{"path", "where"}]}]}; a problem where there is one.
Json to_json(const std::vector<SecretFacts>& secrets);

}  // namespace aegis
