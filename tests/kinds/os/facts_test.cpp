#include "kinds/os/facts.h"

#include <catch2/catch.hpp>

#include "base/digest.h"
#include "kinds/os/fact_script.h"
#include "support/private_root.h"

using namespace aegis;
using namespace aegis::os;

namespace {

Result<Facts> look(test::PrivateRoot& root, const Asks& asks) {
  const auto output = root.run({"host/a", {"sh"}, fact_script(asks), {}, true});
  CHECK(output->exit_status == 0);
  return parse_facts(output->out);
}

Asks paths(std::vector<std::string> paths) {
  Asks asks;
  asks.paths = std::move(paths);
  return asks;
}

}  // namespace

TEST_CASE("names are told as they are, whatever a shell would make of them") {
  test::PrivateRoot root;
  const std::vector<std::string> names{"a b",
                                       "quote'\"`",
                                       "$(touch pwned)",
                                       "; touch pwned",
                                       "-rf",
                                       "line\nend\n",
                                       "back\\slash",
                                       "*",
                                       "grüße-\xe2\x98\x83",
                                       "END"};
  Asks asks;
  for (const std::string& name : names) {
    asks.contents.push_back("/srv/" + name);
    REQUIRE(
        root.run({"host/a", {"sh", "-c", "printf %s \"$1\" > \"/srv/$1\"", "sh", name}, "", {}}));
  }
  const auto facts = look(root, asks);
  REQUIRE(facts);
  for (const std::string& name : names) {
    INFO(name);
    const PathFacts* seen = facts->at("/srv/" + name);
    REQUIRE(seen != nullptr);
    CHECK(seen->sha256 == sha256_hex(name));
    CHECK(facts->contents.at("/srv/" + name) == name);
  }
  CHECK(facts->paths.size() == names.size());
  root.sh("test ! -e /pwned && test ! -e /srv/pwned");
}

TEST_CASE("what is at a path is told without following links, and what is not there is left out") {
  test::PrivateRoot root;
  root.sh(R"(mkdir -m 2750 /srv/d; chown 12345:daemon /srv/d
             echo one > /srv/f; chmod 4711 /srv/f; ln -s /srv/f /srv/l; mkfifo /srv/p)");
  const auto facts = look(root, paths({"/srv/d", "/srv/f", "/srv/l", "/srv/p", "/srv/f/x", "/no"}));
  REQUIRE(facts);
  CHECK(facts->paths.size() == 4);
  const PathFacts& directory = *facts->at("/srv/d");
  CHECK(directory.type == PathFacts::Type::directory);
  CHECK(directory.mode == "2750");
  CHECK(directory.owner == "12345");
  CHECK(directory.group == "daemon");
  const PathFacts& file = *facts->at("/srv/f");
  CHECK(file.type == PathFacts::Type::file);
  CHECK(file.mode == "4711");
  CHECK(file.owner == "root");
  CHECK(file.size == 4);
  CHECK(facts->at("/srv/l")->type == PathFacts::Type::link);
  CHECK(facts->at("/srv/p")->type == PathFacts::Type::other);
}

TEST_CASE("of a long file no more than the limit is told, and thousands of paths are") {
  test::PrivateRoot root;
  root.sh("mkdir /srv/many; cd /srv/many; seq 1 3000 | xargs touch; head -c 200000 /dev/zero > 1");
  Asks asks;
  asks.contents = {"/srv/many/1"};
  for (int i = 1; i <= 3000; ++i) asks.paths.push_back("/srv/many/" + std::to_string(i));
  const auto facts = look(root, asks);
  REQUIRE(facts);
  CHECK(facts->paths.size() == 3000);
  CHECK(facts->at("/srv/many/3000")->sha256 == sha256_hex(""));
  CHECK(facts->at("/srv/many/1")->size == 200000);
  CHECK(facts->contents.at("/srv/many/1").size() == k_most_content);
}

TEST_CASE("a system without a needed tool says so, and nothing counts as absent") {
  test::PrivateRoot root;
  root.sh("rm /usr/bin/xargs");
  const auto facts = look(root, paths({"/etc/passwd"}));
  REQUIRE_FALSE(facts);
  CHECK(facts.error().message.find("xargs is not installed") != std::string::npos);
}

TEST_CASE("an answer that was cut off, is not root's, or is garbled is an error") {
  const std::string uid = base64_encode("0\n");
  CHECK(parse_facts("facts 1\nuid " + uid + "\nend\n"));
  CHECK_FALSE(parse_facts(""));
  CHECK_FALSE(parse_facts("facts 1\nuid " + uid + "\n"));
  CHECK_FALSE(parse_facts("facts 1\nuid " + uid + "\npaths A\nend\n"));
  CHECK_FALSE(parse_facts("facts 1\npaths " +
                          base64_encode(std::string("/a\0"
                                                    "8\0",
                                                    5)) +
                          "\nend\n"));
  const auto user = parse_facts("facts 1\nuid " + base64_encode("1000\n") + "\nend\n");
  REQUIRE_FALSE(user);
  CHECK(user.error().code == ErrorCode::forbidden);
}

TEST_CASE("an inventory that we did not write is an error that says what to do") {
  CHECK(parse_inventory("")->entries.empty());
  const auto mine = parse_inventory(
      "{\"format_version\":1,\"owned\":{\n\"file/a\":{\"secret\":true},\n\"\":{}}}\n");
  REQUIRE(mine);
  CHECK(mine->entries.size() == 1);
  CHECK(mine->find({"host/a", "file", "a"})->secret);
  for (const char* text : {"[]", "{", "{\"format_version\":2,\"owned\":{}}"}) {
    const auto broken = parse_inventory(text);
    REQUIRE_FALSE(broken);
    CHECK(broken.error().message.find("Move it away") != std::string::npos);
  }
}
