#include "render/plan_text.h"

#include <catch2/catch.hpp>

#include "base/vault.h"
#include "sample_plan.h"

namespace aegis {
namespace {

using fake::attribute;
using fake::change;

const Style k_plain{false, 100};

std::string text_of(const AttributeChange& attribute, Style style = k_plain) {
  Plan plan;
  plan.changes = {change("container/a", Action::update, "")};
  plan.changes[0].attributes = {attribute};
  const std::string text = render_text(plan, style);
  const std::size_t start = text.find('\n') + 1;
  return text.substr(start, text.find("\n\nPlan:") + 1 - start);
}

TEST_CASE("a plan is shown change by change, then what is blocked, disturbed and counted") {
  CHECK("\n" + render_text(fake::sample_plan(), k_plain) == R"(
~   container/aegis           update   features.fuse and memory changed
      features.fuse  (none) -> true   (reboot container; as root)
      memory         256MiB -> 512MiB
+   stack/core/network/front  create   not found
      driver  "bridge"
~   stack/core/service/web    update   image changed
      image  "nginx:1.25" -> "nginx:1.27"   (restart service)
-   stack/core/volume/cache   remove   no longer in the manifests   DESTROYS DATA

Will not be done:
=   container/theirs          adopt    exists without our marker
      cores  2 -> 4
      Blocked: It exists and was not made by aegisctl. To take it over and change it as shown:
      --adopt container/theirs.

This destroys stack/core/volume/cache with its data, reboots container/aegis and restarts
stack/core/service/web.
Plan: 1 to create, 2 to change, 1 to remove, in 5 steps. 1 blocked.
)");
}

TEST_CASE("no changes are said in one sentence") {
  CHECK(render_text({}, k_plain) == "No changes. The live systems match the manifests.\n");
}

TEST_CASE("a plan that could not be made is not shown as a match") {
  Plan plan;
  plan.notes = {{Severity::error, "Dependencies run in a circle", "", {}, {}}};
  CHECK(render_text(plan, k_plain) == "No plan: see the errors.\n");
}

TEST_CASE("a secret that changed is seen to change, and no more") {
  Vault vault;
  const std::string text =
      text_of(attribute("password", vault.seal("old one"), vault.seal("new one")));
  CHECK(text == "      password  [redacted] -> [redacted] (another value)\n");
  const std::string list =
      text_of(attribute("env", nullptr, Json{vault.seal("new one"), "plain"}), {false, 40});
  CHECK(list.find("[redacted]") != std::string::npos);
  CHECK(list.find("$sealed") == std::string::npos);
}

TEST_CASE("nothing of a live system steers the terminal") {
  const std::string evil =
      "\x1b]0;owned\x07\x1b[2J\r\xc2\x9b"
      "31m\xe2\x80\xae\xff";
  Plan plan;
  plan.changes = {change("container/a", Action::update, evil)};
  plan.changes[0].address.name = evil;
  plan.changes[0].blocked = evil;
  AttributeChange bad = attribute(evil, evil, Json{{evil, evil}});
  bad.note = evil;
  AttributeChange lines = attribute("file", evil + "\n" + evil, "x\n");
  plan.changes[0].attributes = {bad, lines, attribute("list", Json::array({evil}), Json::array())};
  for (const int width : {40, 400}) {
    const std::string text = render_text(plan, {false, width});
    for (const char c : text) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    CHECK(text.find("\xc2\x9b") == std::string::npos);
    CHECK(text.find("\xe2\x80\xae") == std::string::npos);
    CHECK(text.find("\\x1b]0;owned\\x07") != std::string::npos);
  }
}

TEST_CASE("texts of several lines are compared line by line") {
  CHECK(text_of(attribute("file", "a\nb\nc\nd\ne\nf\n", "a\nb\nc\nD\ne\nf\n")) ==
        "      file\n"
        "            ...\n"
        "            b\n"
        "            c\n"
        "          - d\n"
        "          + D\n"
        "            e\n"
        "            f\n");
}

TEST_CASE("a list that does not fit is compared element by element") {
  const AttributeChange tags =
      attribute("tags", Json{"first", "second", "third"}, Json{"first", "third", "fourth"});
  CHECK(text_of(tags, {false, 100}) ==
        "      tags  [\"first\",\"second\",\"third\"] -> [\"first\",\"third\",\"fourth\"]\n");
  CHECK(text_of(tags, {false, 40}) ==
        "      tags\n"
        "            \"first\"\n"
        "          - \"second\"\n"
        "            \"third\"\n"
        "          + \"fourth\"\n");
}

TEST_CASE("values that do not fit stand one below the other, whole") {
  const std::string longer(60, 'x');
  CHECK(text_of(attribute("command", longer, longer + "y"), {false, 60}) ==
        "      command\n"
        "             \"" +
            longer +
            "\"\n"
            "          -> \"" +
            longer + "y\"\n");
}

TEST_CASE("bytes are shown with their unit where the name says that they are bytes") {
  CHECK(text_of(attribute("rootfs.size", 536870912000, 1000)) ==
        "      rootfs.size  500GiB -> 1000\n");
  CHECK(text_of(attribute("cores", 4096, 1024)) == "      cores  4096 -> 1024\n");
}

TEST_CASE("colour appears only when it is asked for") {
  CHECK(render_text(fake::sample_plan(), k_plain).find('\x1b') == std::string::npos);
  CHECK(render_text(fake::sample_plan(), {true, 100}).find("\x1b[31m") != std::string::npos);
}

}  // namespace
}  // namespace aegis
