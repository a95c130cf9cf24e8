#include "manifest/spec.h"

#include <fmt/format.h>

#include "manifest/references.h"
#include "manifest/schema.h"
#include "manifest/yaml_scalar.h"

namespace aegis {
namespace {

using Places = std::map<std::string, SourceSpan, std::less<>>;

void collect(const YamlNode& node, const std::string& path, Places& places) {
  if (!path.empty()) places.try_emplace(path, node.where);
  for (const YamlNode::Member& member : node.members) {
    const std::string inner = path.empty() ? member.key : path + "." + member.key;
    collect(*member.value, inner, places);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i)
    collect(node.items[i], fmt::format("{}[{}]", path, i), places);
}

}  // namespace

Json to_spec(const YamlNode& node, const Json& schema, Vault& vault) {
  switch (node.type) {
    case YamlNode::Type::mapping: {
      Json object = Json::object();
      for (const YamlNode::Member& member : node.members) {
        static const Json k_unknown;
        const Json* inner = member_schema(schema, member.key);
        object[member.key] = to_spec(*member.value, inner == nullptr ? k_unknown : *inner, vault);
      }
      return object;
    }
    case YamlNode::Type::sequence: {
      Json list = Json::array();
      for (const YamlNode& item : node.items)
        list.push_back(to_spec(item, get(schema, "items"), vault));
      return list;
    }
    default:
      break;
  }
  const bool secret = is_secret(node) || as_bool(get(schema, "x-secret")).value_or(false);
  return secret ? vault.seal(node.text) : scalar_to_json(node);
}

Places places_of(const YamlNode& node) {
  Places places;
  collect(node, "", places);
  return places;
}

}  // namespace aegis
