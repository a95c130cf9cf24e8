#include "base/build_context.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "base/ignore_rules.h"

using namespace aegis;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "aegis-context-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  Folder& write(const std::string& file, const std::string& text) {
    fs::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << text;
    return *this;
  }

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::vector<std::string> paths_in(const Folder& folder) {
  std::vector<std::string> paths;
  const auto context = read_build_context(folder.path(), "Dockerfile");
  REQUIRE(context);
  for (const TarEntry& entry : *context) paths.push_back(entry.path);
  return paths;
}

}  // namespace

TEST_CASE("patterns of .dockerignore match as Docker matches them") {
  const auto ignored = [](const std::string& rules, const std::string& path) {
    return IgnoreRules(rules).ignores(path);
  };
  CHECK(ignored("node_modules", "node_modules/a/b.js"));
  CHECK_FALSE(ignored("node_modules", "web/node_modules/a.js"));
  CHECK(ignored("**/node_modules", "web/node_modules/a.js"));
  CHECK(ignored("**/node_modules", "node_modules/a.js"));
  CHECK(ignored("*.md", "README.md"));
  CHECK_FALSE(ignored("*.md", "docs/README.md"));
  CHECK(ignored("docs/**/*.md", "docs/README.md"));
  CHECK(ignored("docs/**", "docs/a/b"));
  CHECK(ignored("/build/", "build/x"));
  CHECK(ignored("./te?t[0-9]", "test7"));
  CHECK_FALSE(ignored("# build\n\n", "build"));
  CHECK_FALSE(ignored("*.md\n!README.md", "README.md"));
  CHECK(ignored("!README.md\n*.md", "README.md"));
}

TEST_CASE("a context has what is not ignored, and always the files that rule it") {
  Folder folder;
  folder.write("Dockerfile", "FROM scratch\n")
      .write(".dockerignore", "**\n!src\nsrc/*.tmp\n")
      .write("src/a.c", "a")
      .write("src/b.tmp", "b")
      .write("other/c", "c");
  fs::create_symlink("a.c", folder.path() / "src" / "link");
  CHECK(paths_in(folder) ==
        std::vector<std::string>{".dockerignore", "Dockerfile", "src", "src/a.c", "src/link"});
}

TEST_CASE("a context may hold empty files") {
  Folder folder;
  folder.write("Dockerfile", "FROM scratch\n").write("app/__init__.py", "");
  CHECK(paths_in(folder) == std::vector<std::string>{"Dockerfile", "app", "app/__init__.py"});
}

TEST_CASE("a context's digest changes with contents, names and what may run, with nothing else") {
  Folder folder;
  folder.write("Dockerfile", "FROM scratch\n").write("run", "#!/bin/sh\n");
  const auto digest = [&] {
    return context_digest(*read_build_context(folder.path(), "Dockerfile"));
  };
  const std::string first = digest();
  fs::last_write_time(folder.path() / "run", fs::file_time_type::clock::now());
  fs::permissions(folder.path() / "run", fs::perms::group_write, fs::perm_options::add);
  CHECK(digest() == first);
  fs::permissions(folder.path() / "run", fs::perms::owner_exec, fs::perm_options::add);
  const std::string second = digest();
  CHECK(second != first);
  folder.write("run", "#!/bin/sh\nx\n");
  CHECK(digest() != second);
}

TEST_CASE("a context that is not there is told") {
  const auto context = read_build_context("/nowhere/to/be/found", "Dockerfile");
  REQUIRE_FALSE(context);
  CHECK(context.error().message.find("/nowhere/to/be/found") != std::string::npos);
}
