#include "manifest/yaml_tree.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace aegis {
namespace {

bool is_merge_key(const YamlNode::Member& member) {
  // In quotes it is two characters longer and an ordinary key.
  return member.key == "<<" && member.key_where.length == 2;
}

// The mappings that the value of a merge key names; it is one, or a list of them.
std::vector<const YamlNode*> merge_sources(const YamlNode& value) {
  if (value.type != YamlNode::Type::sequence) return {&value};
  std::vector<const YamlNode*> sources;
  for (const YamlNode& item : value.items) sources.push_back(&item);
  return sources;
}

}  // namespace

YamlNode copy_of(const YamlNode& node) {
  YamlNode copy;
  copy.type = node.type;
  copy.text = node.text;
  copy.quoted = node.quoted;
  copy.tag = node.tag;
  copy.where = node.where;
  for (const YamlNode& item : node.items) copy.items.push_back(copy_of(item));
  for (const YamlNode::Member& member : node.members) {
    copy.members.push_back(
        {member.key, member.key_where, std::make_unique<YamlNode>(copy_of(*member.value))});
  }
  return copy;
}

YamlSize size_of(const YamlNode& node) {
  YamlSize size{1, node.text.size()};
  const auto add = [&size](const YamlNode& inner) {
    const YamlSize more = size_of(inner);
    size.values += more.values;
    size.bytes += more.bytes;
  };
  for (const YamlNode& item : node.items) add(item);
  for (const YamlNode::Member& member : node.members) {
    size.bytes += member.key.size();
    add(*member.value);
  }
  return size;
}

void apply_merge_keys(YamlNode& map, Diagnostics& diagnostics) {
  if (std::none_of(map.members.begin(), map.members.end(), is_merge_key)) return;
  std::vector<YamlNode::Member> own;
  std::vector<std::unique_ptr<YamlNode>> merged;
  std::set<std::string, std::less<>> taken;
  for (YamlNode::Member& member : map.members) {
    if (is_merge_key(member)) {
      merged.push_back(std::move(member.value));
    } else {
      taken.insert(member.key);
      own.push_back(std::move(member));
    }
  }
  map.members = std::move(own);
  for (const auto& value : merged) {
    for (const YamlNode* source : merge_sources(*value)) {
      if (source->type != YamlNode::Type::mapping) {
        diagnostics.push_back({Severity::error,
                               "a merge key without a mapping",
                               "\"<<\" takes an alias of a mapping, or a list of such aliases.",
                               source->where,
                               std::nullopt});
      }
      for (const YamlNode::Member& member : source->members) {
        if (!taken.insert(member.key).second) continue;
        map.members.push_back(
            {member.key, member.key_where, std::make_unique<YamlNode>(copy_of(*member.value))});
      }
    }
  }
}

}  // namespace aegis
