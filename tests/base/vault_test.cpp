#include "base/vault.h"

#include <catch2/catch.hpp>

namespace aegis {

TEST_CASE("a seal shows nothing of the value, and equal values have equal seals") {
  Vault vault;
  const Json seal = vault.seal("hunter2");
  CHECK(is_sealed(seal));
  CHECK(dump_json(seal).find("hunter2") == std::string::npos);
  CHECK(seal == vault.seal("hunter2"));
  CHECK(seal != vault.seal("hunter3"));
}

TEST_CASE("another process's vault neither opens a seal nor makes the same one") {
  Vault ours;
  Vault theirs;
  const Json seal = theirs.seal("hunter2");
  CHECK(seal != ours.seal("hunter2"));
  CHECK_FALSE(ours.open(seal).has_value());
}

TEST_CASE("seals are opened at any depth, and only by the vault") {
  Vault vault;
  const Json spec{{"environment", {{"A", "plain"}, {"P", vault.seal("s3cret")}}},
                  {"list", Json::array({vault.seal("x")})}};
  const Json opened = vault.reveal_all(spec);
  CHECK(opened["environment"]["P"] == "s3cret");
  CHECK(opened["environment"]["A"] == "plain");
  CHECK(opened["list"][0] == "x");
  const Json shown = redacted(spec);
  CHECK(shown["environment"]["P"] == "[redacted]");
  CHECK(dump_json(shown).find("s3cret") == std::string::npos);
}

TEST_CASE("a secret formats as redacted") {
  CHECK(fmt::format("{}", Secret("s3cret")) == "[redacted]");
}

}  // namespace aegis
