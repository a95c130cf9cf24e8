#include "manifest/compose/project_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "manifest/compose/absolute_paths.h"
#include "manifest/compose/document.h"
#include "manifest/compose/merge.h"
#include "manifest/compose/project.h"
#include "manifest/compose/report.h"
#include "manifest/compose/text_file.h"
#include "manifest/compose/variables.h"

namespace aegis::compose {
namespace {

namespace fs = std::filesystem;

class Reader {
 public:
  Reader(Diagnostics& diagnostics, std::map<std::string, std::string>& sources)
      : diagnostics_(diagnostics), sources_(sources) {}

  Node read(const ProjectFiles& project, const Variables& variables) {
    Node merged;
    merged.type = Node::Type::mapping;
    merged.where = project.named_at;
    for (const fs::path& file : project.files) read_file(project, file, variables, merged);
    return merged;
  }

 private:
  void read_file(const ProjectFiles& project,
                 const fs::path& file,
                 const Variables& variables,
                 Node& merged) {
    const std::string name = (project.folder / file).lexically_normal().string();
    auto text = read_text_file(name);
    if (!text) {
      error(diagnostics_,
            project.named_at,
            "Compose file not readable",
            fmt::format("{} names a Compose file that cannot be read: {}.",
                        project.named_by,
                        text.error().message));
      return;
    }
    way_.push_back(name);
    const FileReading reading{variables, diagnostics_, sources_};
    for (Node& document : read_documents(*text, name, variables, diagnostics_)) {
      if (document.type == Node::Type::null) continue;
      auto canonical = read_project(document, diagnostics_);
      document = Node();  // large projects need not be in memory twice
      if (!canonical) continue;
      make_paths_absolute(*canonical, project.folder, values_of(variables), diagnostics_);
      add_included(project, variables, *canonical);
      extend_services(*canonical, name, project.folder, reading);
      merged = merge(std::move(merged), std::move(*canonical));
    }
    way_.pop_back();
    sources_[name] = std::move(*text);
  }

  // What the document itself says is merged over what it includes.
  void add_included(const ProjectFiles& project, const Variables& variables, Node& document) {
    const Node* found = document.find("include");
    if (found == nullptr) return;
    const Node includes = *found;
    erase(document, "include");
    Node base = make_mapping(document);
    for (const Node& include : includes.items)
      base = merge(std::move(base), included(project, variables, include));
    erase(base, "name");
    if (!includes.items.empty()) document = merge(std::move(base), std::move(document));
  }

  Node included(const ProjectFiles& project, const Variables& variables, const Node& include) {
    const Node* paths = include.find("path");
    if (paths == nullptr || paths->items.empty()) return make_mapping(include);
    ProjectFiles inner;
    inner.named_at = paths->items.front().where;
    inner.named_by = fmt::format("`{}`", include.path);
    const fs::path first = project.folder / paths->items.front().text;
    const std::string folder = text_at(include, "project_directory");
    inner.folder = folder.empty() ? first.parent_path() : project.folder / folder;
    inner.folder = inner.folder.lexically_normal();
    for (const Node& path : paths->items) {
      const fs::path file = (project.folder / path.text).lexically_normal();
      if (closes_circle(file.string(), path)) return make_mapping(include);
      inner.files.push_back(file.lexically_proximate(inner.folder));
    }
    return read(inner, variables_of(project, inner, variables, include));
  }

  Variables variables_of(const ProjectFiles& project,
                         const ProjectFiles& inner,
                         const Variables& variables,
                         const Node& include) {
    std::vector<VariableFile> files;
    if (const Node* named = include.find("env_file")) {
      for (const Node& file : named->items)
        files.push_back({project.folder / file.text, file.where});
    } else if (std::error_code code; fs::exists(inner.folder / ".env", code)) {
      files.push_back({inner.folder / ".env", include.where});
    }
    return with_files(variables, files, inner.named_by, diagnostics_);
  }

  bool closes_circle(const std::string& file, const Node& path) {
    if (std::find(way_.begin(), way_.end(), file) == way_.end()) return false;
    error(diagnostics_,
          path.where,
          "circle of includes",
          fmt::format("`{}` includes a file that is being read: {} -> {}.",
                      path.path,
                      join(way_, " -> "),
                      file));
    return true;
  }

  Diagnostics& diagnostics_;
  std::map<std::string, std::string>& sources_;
  std::vector<std::string> way_;  // the files that include each other down to the one at hand
};

}  // namespace

Node read_project_files(const ProjectFiles& project, const FileReading& reading) {
  return Reader(reading.diagnostics, reading.sources).read(project, reading.variables);
}

}  // namespace aegis::compose
