#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "base/vault.h"
#include "manifest/yaml.h"

namespace aegis {

/// `node` as JSON, with texts as seals where `schema` or a reference says that they are secrets.
Json to_spec(const YamlNode& node, const Json& schema, Vault& vault);

/// The places of everything below `node`, by path: "rootfs.size", "tags[0]".
std::map<std::string, SourceSpan, std::less<>> places_of(const YamlNode& node);

}  // namespace aegis
