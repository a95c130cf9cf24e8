#include "manifest/project_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

namespace aegis {
namespace {

constexpr std::uintmax_t k_largest_file = std::uintmax_t{64} << 20U;

void report(Diagnostics& diagnostics,
            const std::string& file,
            std::string summary,
            std::string detail) {
  diagnostics.push_back({Severity::error,
                         std::move(summary),
                         std::move(detail),
                         SourceSpan{file, 0, 0},
                         std::nullopt});
}

bool is_manifest_name(const std::filesystem::path& file) {
  static const std::set<std::string> k_compose{"compose.yaml",
                                               "compose.yml",
                                               "docker-compose.yaml",
                                               "docker-compose.yml",
                                               "compose.override.yaml",
                                               "compose.override.yml",
                                               "docker-compose.override.yaml",
                                               "docker-compose.override.yml"};
  const std::string name = file.filename().string();
  const bool is_yaml = file.extension() == ".yaml" || file.extension() == ".yml";
  return is_yaml && !name.starts_with('.') && !k_compose.contains(name);
}

std::vector<std::filesystem::path> list_manifests(const std::filesystem::path& folder,
                                                  Diagnostics& diagnostics) {
  std::vector<std::filesystem::path> files;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    if (!entry.is_directory(problem) && is_manifest_name(entry.path()))
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  const std::string name = folder.string();
  if (problem) {
    report(diagnostics,
           name,
           "the project folder cannot be read",
           fmt::format(
               "{}: {}. Name the folder with the manifests with -C.", name, problem.message()));
  } else if (files.empty()) {
    report(diagnostics,
           name,
           "no manifests",
           fmt::format("There is no *.yaml file in {}. `aegisctl init` writes a first one; -C "
                       "names another folder.",
                       name));
  }
  return files;
}

std::optional<std::string> read_text(const std::filesystem::path& file, Diagnostics& diagnostics) {
  const std::string name = file.filename().string();
  std::error_code problem;
  if (std::filesystem::file_size(file, problem) > k_largest_file && !problem) {
    report(diagnostics, name, "file too large", "A manifest may have 64 MiB.");
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream && text.str().empty() && std::filesystem::file_size(file, problem) > 0) {
    report(diagnostics, name, "file cannot be read", std::string(std::strerror(errno)) + ".");
    return std::nullopt;
  }
  return text.str();
}

class Merger {
 public:
  explicit Merger(Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    root_.type = YamlNode::Type::mapping;
  }

  void add(YamlNode document) {
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

  YamlNode take() { return std::move(root_); }

 private:
  void add_section(YamlNode::Member section) {
    const auto known = std::find_if(
        root_.members.begin(), root_.members.end(), [&](const YamlNode::Member& member) {
          return member.key == section.key;
        });
    const bool mappings = known != root_.members.end() &&
                          known->value->type == YamlNode::Type::mapping &&
                          section.value->type == YamlNode::Type::mapping;
    if (!mappings) {
      if (section.value->type != YamlNode::Type::null) root_.members.push_back(std::move(section));
      for (const YamlNode::Member& name : root_.members.back().value->members) {
        first_.try_emplace(root_.members.back().key + "." + name.key, name.key_where);
      }
      return;
    }
    for (YamlNode::Member& name : section.value->members) {
      const auto [first, is_new] = first_.try_emplace(section.key + "." + name.key, name.key_where);
      if (is_new) {
        known->value->members.push_back(std::move(name));
        continue;
      }
      diagnostics_.push_back(
          {Severity::error,
           "the same name twice",
           fmt::format("`{}` in `{}` is defined in another file too. Rename one, or keep one.",
                       name.key,
                       section.key),
           name.key_where,
           first->second});
    }
  }

  Diagnostics& diagnostics_;
  YamlNode root_;
  std::map<std::string, SourceSpan> first_;  ///< where each "section.name" was first seen
};

}  // namespace

ProjectFiles read_project(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  ProjectFiles project;
  Merger merger(diagnostics);
  for (const auto& file : list_manifests(folder, diagnostics)) {
    auto text = read_text(file, diagnostics);
    if (!text) continue;
    const std::string name = file.filename().string();
    for (YamlNode& document : parse_yaml(*text, name, diagnostics)) merger.add(std::move(document));
    project.sources[name] = std::move(*text);
  }
  project.root = merger.take();
  return project;
}

}  // namespace aegis
