#include "kinds/cloudflare/record_value.h"

#include <catch2/catch.hpp>

using namespace aegis;
using namespace aegis::cloudflare;

namespace {

// What Cloudflare would show of a record made with those fields.
std::string round_trip(const std::string& type, const std::string& value) {
  Json record = value_fields(type, value);
  record["type"] = type;
  return value_of(record);
}

}  // namespace

TEST_CASE("equal values have one form") {
  CHECK(canonical_value("AAAA", "2001:DB8:0:0::15") == "2001:db8::15");
  CHECK(canonical_value("CNAME", "Web.Example.net.") == "web.example.net");
  CHECK(canonical_value("MX", "10   Mail.example.net.") == "10 mail.example.net");
  CHECK(canonical_value("CAA", "0 ISSUE letsencrypt.org") == "0 issue \"letsencrypt.org\"");
  CHECK(canonical_value("CAA", "0 issue \"a; b=c\"") == "0 issue \"a; b=c\"");
  CHECK(canonical_value("TXT", " As It Is. ") == " As It Is. ");
}

TEST_CASE("a value survives the way to Cloudflare and back") {
  const auto [type, value] =
      GENERATE(table<std::string, std::string>({{"A", "203.0.113.1"},
                                                {"MX", "10 mail.example.net"},
                                                {"SRV", "0 5 5061 sip.example.net"},
                                                {"CAA", "128 issue \"a; b=\\\"c\\\"\""},
                                                {"TXT", "with \"quotes\" and \\ in it"},
                                                {"TXT", std::string(700, 'x')}}));
  CHECK(round_trip(type, value) == value);
}

TEST_CASE("what Cloudflare shows without quotes, or in several, is one text") {
  CHECK(value_of({{"type", "TXT"}, {"content", "v=spf1 -all"}}) == "v=spf1 -all");
  CHECK(value_of({{"type", "TXT"}, {"content", "\"one\" \"two\""}}) == "onetwo");
}
