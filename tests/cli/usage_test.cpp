#include <catch2/catch.hpp>

#include "cli/binary.h"

namespace aegis::test {

TEST_CASE("a command line that is wrong ends with 3 and says what is wrong") {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"paln"},
                                             {"plan", "--nosuch"},
                                             {"apply", "--parallelism", "0"},
                                             {"plan", "--format", "pdf"},
                                             {"apply", "/no/such/plan"},
                                             {"destroy"}}) {
    const Run run = run_aegisctl(words);
    INFO(run.err);
    CHECK(run.exit_code == 3);
    CHECK_FALSE(run.err.empty());
    CHECK(run.out.empty());
  }
}

TEST_CASE("a word that is not known is named, with what may have been meant") {
  const auto complaint = [](const std::vector<std::string>& words) {
    return run_aegisctl(words).err;
  };
  CHECK(complaint({"paln"}).find("Did you mean \"plan\"?") != std::string::npos);
  CHECK(complaint({"xyzzy"}).find("\"xyzzy\" is no command. `aegisctl --help`") !=
        std::string::npos);
  CHECK(complaint({"-C", "paln", "plan", "--targt=x"}).find("Did you mean \"--target\"?") !=
        std::string::npos);
  CHECK(complaint({"backup", "lst"}).find("Did you mean \"list\"?") != std::string::npos);
  CHECK(complaint({"plan", "extra"}).find("Did you mean") == std::string::npos);
}

TEST_CASE("help is data on standard output and a success") {
  const Run run = run_aegisctl({"plan", "--help"});
  CHECK(run.exit_code == 0);
  CHECK(run.out.find("--detailed-exitcode") != std::string::npos);
}

TEST_CASE("the version is printed for people and for programs") {
  CHECK(run_aegisctl({"version"}).out.starts_with("aegisctl "));
  CHECK(run_aegisctl({"--version"}).out == run_aegisctl({"version"}).out);
  CHECK(run_aegisctl({"version", "--json"}).out.find("\"format_version\"") != std::string::npos);
}

TEST_CASE("a completion script offers every command") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const Run run = run_aegisctl({"completion", shell});
    INFO(shell);
    CHECK(run.exit_code == 0);
    for (const std::string word : {"plan", "apply", "drift", "explain", "detailed-exitcode"}) {
      CHECK(run.out.find(word) != std::string::npos);
    }
  }
}

TEST_CASE("init writes a manifest that is valid, and never overwrites one") {
  const Scratch scratch;
  CHECK(run_aegisctl({"init", scratch.path()}).exit_code == 0);
  CHECK(run_aegisctl({"-C", scratch.path(), "validate"}).exit_code == 0);
  CHECK(run_aegisctl({"init", scratch.path()}).exit_code == 6);
}

TEST_CASE("explain describes a field, and helps with a misspelled one") {
  const Run field = run_aegisctl({"explain", "containers.rootfs"});
  CHECK(field.exit_code == 0);
  CHECK(field.out.find("storage") != std::string::npos);
  CHECK(run_aegisctl({"explain", "containers.network.ip"}).out.find("a change   reload\n") !=
        std::string::npos);
  CHECK(
      run_aegisctl({"explain", "servers.storage.path"}).out.find("a change   forces replacement") !=
      std::string::npos);
  CHECK(run_aegisctl({"explain", "servers.interfaces.mtu"}).out.find("a change   reload") !=
        std::string::npos);
  const Run wrong = run_aegisctl({"explain", "containers.rootsf"});
  CHECK(wrong.exit_code == 3);
  CHECK(wrong.err.find("rootfs") != std::string::npos);
}

}  // namespace aegis::test
