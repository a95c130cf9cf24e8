#include "manifest/project_merge.h"

#include <fmt/format.h>

#include <algorithm>

#include "manifest/server_sections.h"

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
    const auto is_name = [&](const YamlNode::Member& member) { return member.key == name.key; };
    const auto same = std::find_if(known.members.begin(), known.members.end(), is_name);
    const bool may_join = section.key == "servers" && same != known.members.end() &&
                          same->value->type == YamlNode::Type::mapping &&
                          name.value->type == YamlNode::Type::mapping;
    if (may_join) {
      join_server(*same->value, std::move(*name.value), "");
    } else {
      complain(name, section.key, first->second);
    }
  }
}

// `path` is where both stand below the server: "", "access.".
void ProjectMerge::join_server(YamlNode& known, YamlNode more, const std::string& path) {
  for (YamlNode::Member& member : more.members) {
    const auto is_name = [&](const YamlNode::Member& other) { return other.key == member.key; };
    const auto same = std::find_if(known.members.begin(), known.members.end(), is_name);
    if (same == known.members.end()) {
      known.members.push_back(std::move(member));
      continue;
    }
    const bool may_join = holds_entries(path + member.key) &&
                          same->value->type == YamlNode::Type::mapping &&
                          member.value->type == YamlNode::Type::mapping;
    if (may_join) {
      join_server(*same->value, std::move(*member.value), path + member.key + ".");
    } else {
      complain(member, path.empty() ? "servers" : path.substr(0, path.size() - 1), same->key_where);
    }
  }
}

void ProjectMerge::complain(const YamlNode::Member& name,
                            const std::string& section,
                            const SourceSpan& first) {
  diagnostics_.push_back(
      {Severity::error,
       "the same name twice",
       fmt::format("`{}` in `{}` is defined in another place too. Rename one, or keep one.",
                   name.key,
                   section),
       name.key_where,
       first});
}

}  // namespace aegis
