#include <catch2/catch.hpp>

#include "manifest/project_folder.h"

using namespace aegis;
using namespace aegis::test;

namespace {

Manifests load_with(const std::string& records) {
  ProjectFolder folder;
  folder.write("a.yaml",
               "dns:\n  example.net:\n    cloudflare: { token: hunter2 }\n    ttl: 300\n    "
               "records:\n" +
                   records);
  return folder.load();
}

// The first mistake: its place and its details.
std::string problem_of(const std::string& records) {
  const Diagnostics diagnostics = load_with("      " + records + "\n").diagnostics;
  REQUIRE_FALSE(diagnostics.empty());
  return to_string(diagnostics.front().where.value()) + " " + diagnostics.front().detail;
}

bool mentions(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a zone is a scope with a sealed token, and each of its names a resource") {
  const Manifests manifests = load_with(
      "      www: { CNAME: example.org, proxied: true }\n      a: { A: [203.0.113.1], ttl: 60 }\n");
  REQUIRE(described(manifests.diagnostics) == std::vector<std::string>{});
  const Scope& scope = manifests.desired.scopes.at("dns/example.net");
  CHECK(scope.type() == "dns");
  CHECK(is_sealed(scope.settings.at("token")));
  CHECK(manifests.connections.sites.at("cloudflare/example.net") ==
        "https://api.cloudflare.com/client/v4");
  const auto& resources = manifests.desired.resources;
  const Json& www = resources.at(parse_address("dns/example.net/record/www").value()).spec;
  CHECK(www.at("types") == Json({{"CNAME", Json::array({"example.org"})}}));
  CHECK(www.at("ttl") == 300);
  CHECK(resources.at(parse_address("dns/example.net/record/a").value()).spec.at("ttl") == 60);
}

TEST_CASE("records that no zone can have are told where they stand") {
  CHECK(mentions(problem_of("www: { ttl: 60 }"), "a.yaml:6:7 `www` has none of A, AAAA"));
  CHECK(mentions(problem_of("www: { CNAME: a.example.org, TXT: [b] }"),
                 "a.yaml:6:21 Where `www` stands for another name"));
  CHECK(mentions(problem_of("www: { A: [203.0.113.256] }"), "`203.0.113.256` is no IPv4 address"));
  CHECK(mentions(problem_of("www: { AAAA: ['2001::db8::1'] }"), "is no IPv6 address"));
  CHECK(mentions(problem_of("www: { A: [203.0.113.1, 203.0.113.1] }"), "has the A record"));
  CHECK(mentions(problem_of("www: { MX: [mail.example.net] }"), "a.yaml:6:"));
  CHECK(mentions(problem_of("www: { A: [203.0.113.1], ttl: 5 }"), "a.yaml:6:"));
}
