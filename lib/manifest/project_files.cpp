#include "manifest/project_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <vector>

#include "manifest/project_merge.h"

namespace aegis {
namespace {

constexpr std::uintmax_t k_largest_file = std::uintmax_t{16} << 20U;

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
  std::error_code ignored;
  std::filesystem::directory_iterator entry(folder, problem);
  for (; !problem && entry != std::filesystem::directory_iterator(); entry.increment(problem)) {
    if (is_manifest_name(entry->path()) && !entry->is_directory(ignored))
      files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  const std::string name = folder.string();
  if (problem == std::errc::not_a_directory) {
    report(diagnostics,
           name,
           "not a folder",
           fmt::format("{} is a file. A project is the folder that its manifests are in.", name));
  } else if (problem) {
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
  const auto cannot = [&](const std::string& why) {
    report(diagnostics, name, "file cannot be read", fmt::format("{}: {}.", name, why));
    return std::nullopt;
  };
  std::error_code problem;
  const auto status = std::filesystem::status(file, problem);
  if (!std::filesystem::exists(status)) return cannot("the link leads nowhere");
  if (!std::filesystem::is_regular_file(status)) return cannot("it is not an ordinary file");
  if (std::filesystem::file_size(file, problem) > k_largest_file && !problem) {
    report(diagnostics,
           name,
           "file too large",
           "A manifest may have 16 MiB. Split it: all *.yaml files of the folder are read.");
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return cannot(std::strerror(errno));
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

struct ManifestFile {
  std::string name;
  std::string text;
  std::vector<YamlNode> documents;
  Diagnostics diagnostics;
};

void parse(ManifestFile& file, std::string text) {
  file.text = std::move(text);
  file.documents = parse_yaml(file.text, file.name, file.diagnostics);
}

ManifestFile read_manifest(const std::filesystem::path& path) {
  ManifestFile file;
  file.name = path.filename().string();
  auto text = read_text(path, file.diagnostics);
  if (text) parse(file, std::move(*text));
  return file;
}

// The files that the stacks of `document` name as their Compose files, as far as they are in the
// project folder itself.
void collect_compose_files(const YamlNode& document, std::set<std::string>& names) {
  const YamlNode* stacks = document.find("stacks");
  if (stacks == nullptr) return;
  const auto add = [&names](const YamlNode& node) {
    const auto file = std::filesystem::path(node.text).lexically_normal();
    if (file.has_filename() && !file.has_parent_path()) names.insert(file.string());
  };
  for (const YamlNode::Member& stack : stacks->members) {
    const YamlNode* compose = stack.value->find("compose");
    if (compose == nullptr) continue;
    add(*compose);
    for (const YamlNode& item : compose->items) add(item);
  }
}

}  // namespace

ProjectFiles read_project(const std::filesystem::path& folder,
                          const std::map<std::string, std::string>& more,
                          Diagnostics& diagnostics) {
  std::vector<ManifestFile> files;
  std::set<std::string> compose_files;
  for (const auto& path : list_manifests(folder, diagnostics)) {
    files.push_back(read_manifest(path));
    for (const YamlNode& document : files.back().documents)
      collect_compose_files(document, compose_files);
  }
  for (const auto& [name, text] : more)
    parse(files.emplace_back(ManifestFile{name, "", {}, {}}), text);
  ProjectFiles project;
  ProjectMerge merge(diagnostics);
  for (ManifestFile& file : files) {
    if (compose_files.contains(file.name)) continue;
    std::move(file.diagnostics.begin(), file.diagnostics.end(), std::back_inserter(diagnostics));
    for (YamlNode& document : file.documents) merge.add(std::move(document));
    project.sources[file.name] = std::move(file.text);
  }
  project.root = merge.take();
  return project;
}

}  // namespace aegis
