#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "architecture/source_files.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

// What each folder may include, as in lib/README.md. An entry that ends in ".h" allows that file
// only.
const std::map<std::string, std::vector<std::string>> k_allowed{
    {"lib/base", {"base/"}},
    {"lib/model", {"base/", "model/"}},
    {"lib/effects", {"base/", "effects/"}},
    {"lib/kinds", {"base/", "model/", "effects/", "kinds/"}},
    {"lib/monitoring", {"base/", "monitoring/"}},
    {"lib/manifest", {"base/", "model/", "kinds/kind.h", "monitoring/", "manifest/"}},
    {"lib/plan", {"base/", "model/", "kinds/kind.h", "plan/"}},
    {"lib/engine",
     {"base/", "model/", "effects/", "kinds/kind.h", "kinds/lock.h", "kinds/status.h", "engine/"}},
    {"lib/relay", {"base/", "effects/", "relay/"}},
    {"lib/render", {"base/", "model/", "render/"}},
    {"lib/transport", {"base/", "effects/", "model/endpoint.h", "transport/"}},
    {"lib/simulator", {"base/", "simulator/"}},
};

// Third-party headers and the folders that may see them.
const std::map<std::string, std::vector<std::string>> k_owners{
    {"yaml-cpp/", {"lib/manifest"}},
    {"valijson/", {"lib/manifest"}},
    {"curl/", {"lib/transport"}},
    {"libssh/", {"lib/transport"}},
    {"boost/", {"lib/relay", "lib/simulator"}},  // both serve HTTP
    {"CLI/", {"cli"}},
};

const std::vector<std::string> k_folders{"base/",
                                         "model/",
                                         "effects/",
                                         "kinds/",
                                         "monitoring/",
                                         "manifest/",
                                         "plan/",
                                         "engine/",
                                         "relay/",
                                         "render/",
                                         "transport/",
                                         "simulator/"};

bool starts_with_any(const std::string& text, const std::vector<std::string>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& prefix) {
    return text.starts_with(prefix);
  });
}

}  // namespace

TEST_CASE("a folder of lib includes only what the table allows it") {
  for (const SourceFile& file : source_files("lib")) {
    REQUIRE(k_allowed.contains(file.folder));
    for (const std::string& include : file.includes) {
      if (!starts_with_any(include, k_folders)) continue;
      INFO(file.path << " includes " << include);
      CHECK(starts_with_any(include, k_allowed.at(file.folder)));
    }
  }
}

TEST_CASE("a third-party library is seen only where it has its place") {
  for (const std::string top : {"lib", "cli"}) {
    for (const SourceFile& file : source_files(top)) {
      for (const std::string& include : file.includes) {
        for (const auto& [prefix, owners] : k_owners) {
          if (!include.starts_with(prefix)) continue;
          INFO(file.path << " includes " << include);
          CHECK(std::find(owners.begin(), owners.end(), file.folder) != owners.end());
        }
      }
    }
  }
}

TEST_CASE("the table of folders is complete: every folder of lib stands in it") {
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() / "lib")) {
    if (!entry.is_directory()) continue;
    INFO(entry.path().string());
    CHECK(k_allowed.contains("lib/" + entry.path().filename().string()));
  }
}

}  // namespace aegis::test
