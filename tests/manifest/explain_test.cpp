#include "manifest/explain.h"

#include <catch2/catch.hpp>

namespace aegis::test {
namespace {

std::string no_remark(std::string_view, std::string_view) {
  return {};
}

std::string explained(std::string_view path) {
  return explain(path, no_remark).value();
}

std::string refused(std::string_view path) {
  const auto result = explain(path, no_remark);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::not_found);
  return result.error().message;
}

}  // namespace

TEST_CASE(
    "a field is explained with its type, its default, an example and what a change disturbs") {
  const auto remark = [](std::string_view section, std::string_view path) {
    CHECK(section == "containers");
    CHECK(path == "memory");
    return std::string("disturbs nothing");
  };
  CHECK(explain("containers.memory", remark).value() ==
        "containers.memory\n"
        "  Memory, at least 16MiB. Changes while it runs; lowering it below what is in use can end "
        "processes.\n"
        "\n"
        "  type       size\n"
        "  default    512MiB\n"
        "  example    110GiB\n"
        "  a change   disturbs nothing\n");
}

TEST_CASE("a mapping is explained with the fields below it") {
  CHECK(explained("containers.startup") ==
        "containers.startup\n"
        "  Its place when the host starts and stops.\n"
        "\n"
        "  type       mapping\n"
        "  default    {}\n"
        "  example    {\"order\":1,\"up\":30}\n"
        "\n"
        "fields\n"
        "  down             Seconds that it has to shut down\n"
        "  order            Lower numbers start first and stop last\n"
        "  up               Seconds to wait after it has started\n");
}

TEST_CASE("names that a user chooses may be left out, or stand as a star or in angle brackets") {
  const std::string text = explained("containers.network.bridge");
  CHECK(text.find("Bridge of the host") != std::string::npos);
  CHECK(explained("containers.*.network.*.bridge") == text);
  CHECK(explained("containers.<name>.network.<interface>.bridge") == text);
  CHECK(explained("containers.mount_points.*.mp") == explained("containers.mount_points.mp"));
}

TEST_CASE("values, secrets and defaults in words are explained too") {
  CHECK(explained("containers.state").find("  values     started or stopped\n") !=
        std::string::npos);
  CHECK(explained("containers.password").find("never shown") != std::string::npos);
  CHECK(explained("containers.hostname").find("  default    the container's name") !=
        std::string::npos);
  CHECK(explained("containers").find("vmid ") != std::string::npos);
  CHECK(explained("containers").find("(required)") != std::string::npos);
}

TEST_CASE("without a path all sections are explained") {
  const std::string text = explained("");
  for (const std::string section : {"containers", "secrets", "servers", "stacks"})
    CHECK(text.find("\n  " + section + " ") != std::string::npos);
}

TEST_CASE("a wrong path brings what was probably meant") {
  CHECK(refused("containers.rootsf") ==
        "containers has no field `rootsf`. Did you mean `containers.rootfs`?");
  CHECK(refused("contaners") == "A project has no field `contaners`. Did you mean `containers`?");
  CHECK(refused("containers.startup.zzz") ==
        "containers.startup has no field `zzz`. There are down, order and up.");
  CHECK(refused("containers.memory.x") == "containers.memory has no field `x`.");
  CHECK(refused("containers..x").find("has no field ``") != std::string::npos);
  CHECK(refused(".").find("A project has no field ``") != std::string::npos);
}

}  // namespace aegis::test
