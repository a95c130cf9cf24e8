#include "manifest/load.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "manifest/check.h"
#include "manifest/project_files.h"
#include "manifest/references.h"
#include "manifest/schema.h"
#include "manifest/section_reader.h"

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

using SectionReader = void (*)(const YamlNode&, Reading&);

void read_section(const YamlNode& root, const char* name, SectionReader read, Reading& reading) {
  const YamlNode* section = root.find(name);
  if (section != nullptr) read(*section, reading);
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

std::string suggestion(const std::string& word, const std::vector<std::string>& candidates) {
  const auto closest = closest_match(word, candidates);
  return closest ? " Did you mean `" + *closest + "`?" : "";
}

Manifests load(const std::filesystem::path& folder, const Environment& environment, Vault& vault) {
  Manifests manifests;
  ProjectFiles project = read_project(folder, manifests.diagnostics);
  manifests.sources = std::move(project.sources);
  const YamlNode* secrets = project.root.find("secrets");
  resolve_references(project.root, {folder, environment, secrets}, manifests.diagnostics);
  check(project.root, project_schema(), "", manifests.diagnostics);
  // The readers count on what the schema promises.
  if (!has_errors(manifests.diagnostics)) {
    Reading reading{folder, environment, vault, manifests};
    read_section(project.root, "servers", read_servers, reading);
    read_section(project.root, "containers", read_containers, reading);
    read_section(project.root, "stacks", read_stacks, reading);
  }
  sort_by_place(manifests.diagnostics);
  return manifests;
}

}  // namespace aegis
