#include "manifest/secret_survey.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <system_error>

#include "manifest/check.h"
#include "manifest/project_files.h"
#include "manifest/references.h"
#include "manifest/schema.h"
#include "manifest/secret_value.h"

namespace aegis {
namespace {

using FactsByName = std::map<std::string, SecretFacts>;

constexpr std::string_view k_reference = "${secret:";

// The names behind "${secret:" in `text`; "$${" is no reference.
std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = text.find(k_reference); at != std::string::npos;
       at = text.find(k_reference, at + 1)) {
    const std::size_t begin = at + k_reference.size();
    const std::size_t end = text.find('}', begin);
    const bool is_escaped = at > 0 && text[at - 1] == '$';
    if (end != std::string::npos && !is_escaped) names.push_back(text.substr(begin, end - begin));
  }
  return names;
}

void collect_uses(const YamlNode& node, const std::string& path, FactsByName& facts) {
  for (const std::string& name : names_in(node.text)) {
    facts[name].uses.push_back({path, node.where});
  }
  for (const YamlNode::Member& member : node.members) {
    const std::string inner = path.empty() ? member.key : fmt::format("{}.{}", path, member.key);
    collect_uses(*member.value, inner, facts);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    collect_uses(node.items[i], fmt::format("{}[{}]", path, i), facts);
  }
}

void warn_of_open_files(const YamlNode& secret,
                        const ReferenceSources& sources,
                        SecretFacts& facts) {
  using std::filesystem::perms;
  for (const std::filesystem::path& file : revealing_files(secret, sources)) {
    std::error_code problem;
    const auto status = std::filesystem::status(file, problem);
    if (problem || (status.permissions() & (perms::group_all | perms::others_all)) == perms::none) {
      continue;
    }
    facts.warnings.push_back(
        fmt::format("{} is open to others than its owner: chmod 600", file.string()));
  }
}

void try_secret(YamlNode::Member& entry, const ReferenceSources& sources, SecretFacts& facts) {
  facts.source = source_text(*entry.value);
  Diagnostics mistakes;
  resolve_references(*entry.value, sources, mistakes);
  const Json& schema = *member_schema(*member_schema(project_schema(), "secrets"), entry.key);
  if (mistakes.empty()) check(*entry.value, schema, "secrets." + entry.key, mistakes);
  if (has_errors(mistakes)) {
    facts.problem = mistakes.front().detail;
    return;
  }
  const auto value = secret_value(*entry.value, sources);
  if (!value) facts.problem = fmt::format("{}.", value.error().message);
  warn_of_open_files(*entry.value, sources, facts);
}

}  // namespace

std::vector<SecretFacts> survey_secrets(const std::filesystem::path& folder,
                                        const Environment& environment,
                                        Diagnostics& diagnostics) {
  ProjectFiles project = read_project(folder, {}, diagnostics);
  FactsByName facts;
  collect_uses(project.root, "", facts);
  const YamlNode* declared = project.root.find("secrets");
  const ReferenceSources sources{folder, environment, declared};
  for (YamlNode::Member& section : project.root.members) {
    if (section.key != "secrets") continue;
    for (YamlNode::Member& entry : section.value->members) {
      try_secret(entry, sources, facts[entry.key]);
    }
  }
  std::vector<SecretFacts> list;
  for (auto& [name, one] : facts) {
    one.name = name;
    if (one.source.empty() && one.problem.empty()) {
      one.problem = fmt::format("`secrets` has no `{}`.", name);
    }
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace aegis
