#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "architecture/source_files.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

constexpr std::size_t k_longest_header = 150;
constexpr std::size_t k_longest_source = 400;

}  // namespace

TEST_CASE("no file of the product has grown into two nouns") {
  for (const std::string top : {"lib", "cli"}) {
    for (const SourceFile& file : source_files(top)) {
      INFO(file.path << " has " << file.lines << " lines");
      CHECK(file.lines <= (file.path.ends_with(".h") ? k_longest_header : k_longest_source));
    }
  }
}

TEST_CASE("the top level holds nothing visible but what the design names") {
  const std::set<std::string> allowed{"CMakeLists.txt",
                                      "CMakePresets.json",
                                      "LICENSE",
                                      "README.md",
                                      "cli",
                                      "examples",
                                      "lib",
                                      "schemas",
                                      "tests"};
  for (const auto& entry : std::filesystem::directory_iterator(source_folder())) {
    const std::string name = entry.path().filename().string();
    const bool build_folder = name == "build" || name.starts_with("build-");
    if (name.starts_with(".") || build_folder) continue;
    INFO(name);
    CHECK(allowed.contains(name));
  }
}

}  // namespace aegis::test
