#include "base/digest.h"

#include <catch2/catch.hpp>

namespace aegis {

TEST_CASE("digests match the published test vectors") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha1_hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("base64 pads and keeps every byte") {
  CHECK(base64_encode("") == "");
  CHECK(base64_encode("f") == "Zg==");
  CHECK(base64_encode("foobar") == "Zm9vYmFy");
  CHECK(base64_encode(std::string("\0\xff", 2)) == "AP8=");
}

TEST_CASE("base64 is read back, and nothing else is") {
  for (const std::string text : {"", "f", "fo", "foo", "user:p\xc3\xa4ss"}) {
    CHECK(base64_decode(base64_encode(text)) == text);
  }
  for (const char* text : {"Zg", "Zg=", "Z===", "Zm9v Zm9v", " Zm9", "Zm9*"}) {
    CHECK_FALSE(base64_decode(text).has_value());
  }
  CHECK(base64url_encode("\xfb\xff\xfe") == "-__-");
}

TEST_CASE("random bytes are as many as asked for, and differ") {
  CHECK(random_bytes(32).size() == 32);
  CHECK(random_bytes(32) != random_bytes(32));
}

}  // namespace aegis
