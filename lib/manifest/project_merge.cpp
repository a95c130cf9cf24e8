#include "manifest/project_merge.h"

#include <fmt/format.h>

#include <algorithm>

namespace aegis {

ProjectMerge::ProjectMerge(Diagnostics& diagnostics) : diagnostics_(diagnostics) {
  root_.type = YamlNode::Type::mapping;
}

void ProjectMerge::add(YamlNode document) {
  if (document.type == YamlNode::Type::null) return;
  if (document.type != YamlNode::Type::mapping) {
    diagnostics_.push_back(
        {Severity::error,
         "not a manifest",
         "A manifest is a mapping of sections such as `servers:` and `containers:`.",
         document.where,
         std::nullopt});
    return;
  }
  for (YamlNode::Member& member : document.members) {
    if (!member.key.starts_with("x-")) add_section(std::move(member));
  }
}

void ProjectMerge::add_section(YamlNode::Member section) {
  if (section.value->type == YamlNode::Type::null) return;
  const auto known =
      std::find_if(root_.members.begin(), root_.members.end(), [&](const YamlNode::Member& member) {
        return member.key == section.key && member.value->type == YamlNode::Type::mapping;
      });
  if (known != root_.members.end() && section.value->type == YamlNode::Type::mapping) {
    join(*known->value, std::move(section));
    return;
  }
  for (const YamlNode::Member& name : section.value->members)
    first_[section.key].try_emplace(name.key, name.key_where);
  root_.members.push_back(std::move(section));
}

void ProjectMerge::join(YamlNode& known, YamlNode::Member section) {
  auto& names = first_[section.key];
  for (YamlNode::Member& name : section.value->members) {
    const auto [first, is_new] = names.try_emplace(name.key, name.key_where);
    if (is_new) {
      known.members.push_back(std::move(name));
      continue;
    }
    diagnostics_.push_back(
        {Severity::error,
         "the same name twice",
         fmt::format("`{}` in `{}` is defined in another place too. Rename one, or keep one.",
                     name.key,
                     section.key),
         name.key_where,
         first->second});
  }
}

}  // namespace aegis
