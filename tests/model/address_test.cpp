#include "model/address.h"

#include <catch2/catch.hpp>

namespace aegis {

TEST_CASE("an address reads back from its own text") {
  for (const Address& address :
       {Address{"", "container", "aegis"}, Address{"stack/core", "service", "traefik"}}) {
    CHECK(parse_address(to_string(address)) == address);
  }
}

TEST_CASE("all that follows the third slash is the name") {
  const Address file{"guest/aegis", "file", "etc/motd"};
  CHECK(parse_address("guest/aegis/file/etc/motd") == file);
  CHECK(to_string(file) == "guest/aegis/file/etc/motd");
  CHECK(covers("guest/aegis/file/etc", file));
  CHECK_FALSE(parse_address("guest/aegis/file/etc//motd").has_value());
}

TEST_CASE("a text with another number of pieces is no address") {
  for (const auto* text : {"", "aegis", "a/b/c", "container/", "/aegis", "a//c/d"}) {
    INFO(text);
    CHECK_FALSE(parse_address(text).has_value());
  }
}

TEST_CASE("a pattern covers what it names and what lives in it, by whole pieces") {
  const Address service{"stack/core", "service", "traefik"};
  CHECK(covers("stack/core/service/traefik", service));
  CHECK(covers("stack/core", service));
  CHECK(covers("stack/*/service", service));
  CHECK_FALSE(covers("stack/cor", service));
  CHECK_FALSE(covers("stack/core/service/traefik/x", service));
  CHECK_FALSE(covers("", service));
  CHECK(covers("container/*", Address{"", "container", "aegis"}));
}

}  // namespace aegis
