#include "transport/secret_files.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "engine/temporary_folder.h"

namespace aegis::test {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

std::size_t entries_of(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

}  // namespace

TEST_CASE("a new secret is kept in a file of the project that only its owner reads") {
  const TemporaryFolder project;
  transport::SecretFiles files(project.path(), "/nowhere");
  REQUIRE(files.check("secrets/plan.token"));
  REQUIRE(files.keep("secrets/plan.token", Secret("first")));
  const std::filesystem::path file = project.path() / "secrets/plan.token";
  CHECK(text_of(file) == "first\n");
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(project.path() / "secrets") == 0700);
  REQUIRE(files.keep("secrets/plan.token", Secret("second")));
  CHECK(text_of(file) == "second\n");
  CHECK(entries_of(project.path() / "secrets") == 1);
}

TEST_CASE("a secret's file may be in the home folder or anywhere") {
  const TemporaryFolder home;
  transport::SecretFiles files("/nowhere", home.path());
  REQUIRE(files.keep("~/a", Secret("x")));
  REQUIRE(files.keep((home.path() / "b").string(), Secret("y")));
  CHECK(text_of(home.path() / "a") == "x\n");
  CHECK(text_of(home.path() / "b") == "y\n");
}

TEST_CASE("a file that cannot be written is told before there is a secret, and without it after") {
  const TemporaryFolder project;
  std::ofstream(project.path() / "file") << "in the way";
  std::filesystem::create_directory(project.path() / "folder");
  transport::SecretFiles files(project.path(), "/nowhere");
  for (const std::string place : {"file/plan.token", "file/deeper/plan.token", "folder"}) {
    INFO(place);
    const auto checked = files.check(place);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == ErrorCode::io);
    CHECK(checked.error().message.find(place.substr(0, 4)) != std::string::npos);
    const auto kept = files.keep(place, Secret("not to be told"));
    REQUIRE_FALSE(kept);
    CHECK(kept.error().message.find("not to be told") == std::string::npos);
  }
  CHECK(text_of(project.path() / "file") == "in the way");
}

}  // namespace aegis::test
