#include "architecture/source_files.h"

#include <algorithm>
#include <fstream>
#include <regex>

#include "support/source_folder.h"

namespace aegis::test {
namespace {

std::string folder_of(const std::filesystem::path& relative) {
  auto piece = relative.begin();
  const std::string top = (piece++)->string();
  if (top != "lib") return top;
  return top + "/" + piece->string();
}

SourceFile read_source(const std::filesystem::path& root, const std::filesystem::path& file) {
  static const std::regex k_include(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  SourceFile source;
  source.path = std::filesystem::relative(file, root).string();
  source.folder = folder_of(std::filesystem::relative(file, root));
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    ++source.lines;
    std::smatch match;
    if (std::regex_search(line, match, k_include)) source.includes.push_back(match[1]);
  }
  return source;
}

}  // namespace

std::vector<SourceFile> source_files(const std::string& folder) {
  const std::filesystem::path root = source_folder();
  std::vector<SourceFile> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".h" || extension == ".cpp") files.push_back(read_source(root, entry.path()));
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) {
    return a.path < b.path;
  });
  return files;
}

}  // namespace aegis::test
