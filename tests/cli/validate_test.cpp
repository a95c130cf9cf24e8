#include <catch2/catch.hpp>

#include "cli/binary.h"

namespace aegis::test {
namespace {

Run validate(const std::string& manifest) {
  const Scratch scratch;
  scratch.write("aegis.yaml", manifest);
  return run_aegisctl({"-C", scratch.path(), "validate"});
}

}  // namespace

TEST_CASE("all mistakes are shown at once, each with file, line, column and the line itself") {
  const Run run = validate(
      "servers:\n"
      "  a: { ssh: { host: 203.0.113.1, prot: 22 } }\n"
      "containers:\n"
      "  web: { server: b, vmid: ten, rootfs: { storage: x, size: 8Gx } }\n");
  INFO(run.err);
  CHECK(run.exit_code == 3);
  CHECK(run.out.empty());
  CHECK(run.err.find("aegis.yaml:2:34") != std::string::npos);
  CHECK(run.err.find("port") != std::string::npos);
  CHECK(run.err.find("aegis.yaml:4:") != std::string::npos);
  CHECK(run.err.find("^") != std::string::npos);
  CHECK(run.err.find("ten") != std::string::npos);
  CHECK(run.err.find("8Gx") != std::string::npos);
}

TEST_CASE("a folder that is not there, is empty, or is a file is a clear error") {
  const Scratch scratch;
  CHECK(run_aegisctl({"-C", scratch.path() + "/none", "validate"}).exit_code == 3);
  CHECK(run_aegisctl({"-C", scratch.path(), "validate"}).exit_code == 3);
  const std::string file = scratch.write("x.txt", "x");
  CHECK(run_aegisctl({"-C", file, "validate"}).exit_code == 3);
}

TEST_CASE("hostile input is refused, quickly and without a crash") {
  std::string bomb = "x-a: &a [z,z,z,z,z,z,z,z,z,z]\n";
  for (char c = 'b'; c < 'm'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    bomb += std::string("x-") + c + ": &" + c + " [";
    for (int i = 0; i < 10; ++i) bomb += (i > 0 ? ",*" : "*") + before;
    bomb += "]\n";
  }
  for (const std::string& text : {bomb,
                                  std::string(200000, '['),
                                  std::string("a: \0b", 5),
                                  std::string("\xff\xfe\x00", 3),
                                  std::string("a: &x [*x]\n"),
                                  std::string("servers: [unclosed\n")}) {
    const Run run = validate(text);
    CHECK(run.exit_code == 3);
    CHECK(run.err.find("aegis.yaml") != std::string::npos);
  }
}

}  // namespace aegis::test
