#include "manifest/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "manifest/yaml_builder.h"
#include "manifest/yaml_guard.h"
#include "manifest/yaml_places.h"
#include "manifest/yaml_scalar.h"

namespace aegis {

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return member.value.get();
  }
  return nullptr;
}

std::vector<YamlNode> parse_yaml(std::string_view text,
                                 const std::string& file,
                                 Diagnostics& diagnostics) {
  constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
  if (auto binary = find_binary_data(text, file)) {
    diagnostics.push_back(std::move(*binary));
    return {};
  }
  const YamlPlaces places(text, file);
  YamlBuilder builder(places, diagnostics);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YamlExcess&) {
    // The builder has said what is too much.
  } catch (const YAML::Exception& problem) {
    diagnostics.push_back({Severity::error,
                           "not valid YAML",
                           fmt::format("The parser says: {}. Look at this line and at the one "
                                       "before it: indentation, quotes and brackets.",
                                       problem.msg),
                           places.point(problem.mark),
                           std::nullopt});
  }
  return builder.take();
}

Json to_json(const YamlNode& node) {
  switch (node.type) {
    case YamlNode::Type::sequence: {
      Json list = Json::array();
      for (const YamlNode& item : node.items) list.push_back(to_json(item));
      return list;
    }
    case YamlNode::Type::mapping: {
      Json object = Json::object();
      for (const YamlNode::Member& member : node.members)
        object[member.key] = to_json(*member.value);
      return object;
    }
    default:
      return scalar_to_json(node);
  }
}

}  // namespace aegis
