#include "manifest/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "base/text.h"
#include "manifest/access_links.h"
#include "manifest/check.h"
#include "manifest/check_secrets.h"
#include "manifest/firewalls.h"
#include "manifest/guests.h"
#include "manifest/network_checks.h"
#include "manifest/project_files.h"
#include "manifest/references.h"
#include "manifest/schema.h"
#include "manifest/section_reader.h"
#include "manifest/server_sections.h"
#include "manifest/shared_objects.h"
#include "manifest/templates.h"
#include "manifest/windows.h"

namespace aegis {
namespace {

void add(Manifests& manifests,
         Severity severity,
         const SourceSpan& where,
         std::string summary,
         std::string detail,
         std::optional<SourceSpan> related) {
  manifests.diagnostics.push_back(
      {severity, std::move(summary), std::move(detail), where, std::move(related)});
}

void sort_by_place(Diagnostics& diagnostics) {
  const auto key = [](const Diagnostic& diagnostic) {
    return std::tuple(
        diagnostic.where.value_or(SourceSpan{}), diagnostic.summary, diagnostic.detail);
  };
  std::stable_sort(diagnostics.begin(),
                   diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
  diagnostics.erase(std::unique(diagnostics.begin(), diagnostics.end()), diagnostics.end());
}

bool is_clean_since(const Diagnostics& diagnostics, std::size_t start) {
  return std::none_of(
      diagnostics.begin() + static_cast<std::ptrdiff_t>(start),
      diagnostics.end(),
      [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::error; });
}

// Reports an entry that a section with fields of its own does not have.
void report_unknown(const YamlNode::Member& entry,
                    const Json& schema,
                    const std::string& section,
                    Diagnostics& diagnostics) {
  YamlNode alone;
  alone.type = YamlNode::Type::mapping;
  alone.members.push_back({entry.key, entry.key_where, std::make_unique<YamlNode>()});
  check(alone, schema, section, diagnostics);
}

// Resolves and checks the entries of a section; takes out those that are wrong, so that the readers
// can count on what the schema promises, and tells their names.
std::set<std::string> keep_right_entries(YamlNode& section,
                                         const std::string& name,
                                         const ReferenceSources& sources,
                                         Diagnostics& diagnostics) {
  const Json& schema = *member_schema(project_schema(), name);
  std::set<std::string> wrong;
  for (YamlNode::Member& entry : section.members) {
    const std::size_t start = diagnostics.size();
    const Json* entry_schema = member_schema(schema, entry.key);
    if (entry_schema == nullptr) {
      report_unknown(entry, schema, name, diagnostics);
      wrong.insert(entry.key);
      continue;
    }
    resolve_references(*entry.value, sources, diagnostics);
    settle_types(*entry.value, *entry_schema);
    check(*entry.value, *entry_schema, name + "." + entry.key, diagnostics);
    check_secrets(*entry.value, *entry_schema, diagnostics);
    if (!is_clean_since(diagnostics, start)) wrong.insert(entry.key);
  }
  if (name == "secrets") return wrong;  // whoever refers to one must find it
  std::erase_if(section.members,
                [&](const YamlNode::Member& entry) { return wrong.contains(entry.key); });
  return wrong;
}

using SectionReader = void (*)(const YamlNode&, Reading&);

struct Section {
  const char* name;
  SectionReader read;  ///< null: other sections use it
};

// In an order in which a section comes after those that it names.
constexpr std::array<Section, 9> k_sections{{
    {"secrets", nullptr},
    {"windows", nullptr},
    {"servers", read_servers},
    {"containers", read_containers},
    {"machines", read_machines},
    {"stacks", read_stacks},
    {"backups", read_backups},
    {"dns", read_zones},
    {"alerts", read_alerts},
}};

YamlNode* find_mapping(YamlNode& root, std::string_view name) {
  for (YamlNode::Member& member : root.members) {
    if (member.key == name && member.value->type == YamlNode::Type::mapping)
      return member.value.get();
  }
  return nullptr;
}

// What the schema says of the project as a whole: unknown sections, sections that are no mappings.
void check_sections(const YamlNode& root, Diagnostics& diagnostics) {
  YamlNode outline;
  outline.type = YamlNode::Type::mapping;
  for (const YamlNode::Member& member : root.members) {
    auto section = std::make_unique<YamlNode>();
    section->type = member.value->type;
    section->text = member.value->text;
    section->where = member.value->where;
    outline.members.push_back({member.key, member.key_where, std::move(section)});
  }
  check(outline, project_schema(), "", diagnostics);
}

}  // namespace

void Reading::error(const SourceSpan& where,
                    std::string summary,
                    std::string detail,
                    std::optional<SourceSpan> related) {
  add(manifests, Severity::error, where, std::move(summary), std::move(detail), std::move(related));
}

void Reading::warn(const SourceSpan& where, std::string summary, std::string detail) {
  add(manifests, Severity::warning, where, std::move(summary), std::move(detail), std::nullopt);
}

void Reading::unknown(const std::string& section,
                      const std::string& name,
                      const std::vector<std::string>& known,
                      const SourceSpan& where) {
  if (wrong[section].contains(name)) return;
  const auto closest = closest_match(name, known);
  error(where,
        "unknown " + section.substr(0, section.size() - 1),
        fmt::format("`{}` has no `{}`.{}",
                    section,
                    name,
                    closest ? fmt::format(" Did you mean `{}`?", *closest) : ""));
}

Manifests load(const std::filesystem::path& folder,
               const Environment& environment,
               Vault& vault,
               const LoadOptions& options) {
  Manifests manifests;
  ProjectFiles project = read_project(folder, options.more, manifests.diagnostics);
  manifests.sources = std::move(project.sources);
  check_sections(project.root, manifests.diagnostics);
  // What was not read would be missed by what names it.
  const bool is_complete = !has_errors(manifests.diagnostics);
  Reading reading{folder, environment, vault, manifests, options.stack_models, {}};
  const ReferenceSources sources{folder, environment, find_mapping(project.root, "secrets")};
  for (const Section& section : k_sections) {
    YamlNode* node = find_mapping(project.root, section.name);
    if (node == nullptr) continue;
    reading.wrong[section.name] =
        keep_right_entries(*node, section.name, sources, manifests.diagnostics);
    if (is_complete && section.read != nullptr) section.read(*node, reading);
  }
  read_windows(project.root, reading);
  check_vmids(reading);
  connect_clones(reading);
  check_networks(reading);
  read_template_files(reading);
  list_guests(reading);
  list_shared_objects(reading);
  connect_server_resources(reading);
  connect_access(reading);
  connect_firewalls(reading);
  sort_by_place(manifests.diagnostics);
  return manifests;
}

}  // namespace aegis
