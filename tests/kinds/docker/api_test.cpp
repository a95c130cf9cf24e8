#include "kinds/docker/api.h"

#include <catch2/catch.hpp>

#include "kinds/docker/container_logs.h"
#include "kinds/docker/healthcheck.h"
#include "kinds/docker/reference.h"

using namespace aegis;
using namespace aegis::docker;

TEST_CASE("the API version is the lower of ours and the engine's") {
  CHECK(to_string(*negotiate({{"ApiVersion", "1.41"}, {"MinAPIVersion", "1.12"}})) == "1.41");
  CHECK(to_string(*negotiate({{"ApiVersion", "1.55"}, {"MinAPIVersion", "1.40"}})) == "1.51");
}

TEST_CASE("an engine that is too new, and what is no engine, are refused") {
  CHECK(negotiate({{"ApiVersion", "1.90"}, {"MinAPIVersion", "1.60"}}).error().code ==
        ErrorCode::rejected);
  for (const Json& body :
       {Json(), Json("hello"), Json{{"ApiVersion", "latest"}}, Json{{"ApiVersion", "1"}}}) {
    CHECK_FALSE(negotiate(body).has_value());
  }
}

TEST_CASE("an error of the engine keeps its words and gets the fitting code") {
  const Error taken = error_of(409, {{"message", "name in use"}}, "");
  CHECK(taken.code == ErrorCode::conflict);
  CHECK(taken.message == "name in use (Docker answered 409)");
  CHECK(error_of(404, {}, "page not found\n").message == "page not found (Docker answered 404)");
  CHECK(error_of(500, {}, "").message == "no explanation (Docker answered 500)");
}

TEST_CASE("an image's name is taken apart where its parts really end") {
  const auto parts = [](std::string_view text) {
    const Reference reference = parse_reference(text);
    return reference.repository + "|" + reference.tag + "|" + reference.digest;
  };
  CHECK(parts("nginx") == "nginx|latest|");
  CHECK(parts("nginx:1.25") == "nginx|1.25|");
  CHECK(parts("localhost:5000/app") == "localhost:5000/app|latest|");
  CHECK(parts("localhost:5000/team/app:2") == "localhost:5000/team/app|2|");
  CHECK(parts("app@sha256:ab") == "app||sha256:ab");
  CHECK(parts("app:1@sha256:ab") == "app|1|sha256:ab");
}

TEST_CASE("names for the same image have one canonical form") {
  CHECK(canonical("nginx") == "docker.io/library/nginx:latest");
  CHECK(canonical("docker.io/library/nginx:latest") == canonical("nginx"));
  CHECK(canonical("index.docker.io/library/nginx") == canonical("nginx"));
  CHECK(canonical("grafana/grafana:9") == "docker.io/grafana/grafana:9");
  CHECK(canonical("ghcr.io/a/b") == "ghcr.io/a/b:latest");
  CHECK(canonical("localhost/a") == "localhost/a:latest");
  CHECK(canonical("a:1@sha256:ab") == canonical("a:2@sha256:ab"));
}

TEST_CASE("a pull always names a tag or a digest") {
  CHECK(pull_query(parse_reference("nginx")) == "fromImage=nginx&tag=latest");
  CHECK(pull_query(parse_reference("a/b:1@sha256:cd")) == "fromImage=a%2Fb&tag=sha256%3Acd");
}

TEST_CASE("frames of a log are joined, and a torn one at the end is dropped") {
  const std::string one("\1\0\0\0\0\0\0\3one", 11);
  const std::string two("\2\0\0\0\0\0\0\3two", 11);
  CHECK(unframed(one + two) == "onetwo");
  CHECK(unframed(one + two.substr(0, 9)) == "one");
  CHECK(unframed(one + "\1") == "one");
  CHECK(unframed("").empty());
}

TEST_CASE("a health check is merged member by member with the image's") {
  const Json image = {{"Test", {"CMD", "true"}}, {"Interval", 5'000'000'000}, {"Retries", 4}};
  CHECK(wanted_healthcheck({{"interval", 1'000'000'000}}, image) ==
        Json{{"test", {"CMD", "true"}}, {"interval", "1s"}, {"retries", 4}});
  CHECK(wanted_healthcheck({{"disable", true}}, image) == Json{{"test", Json::array({"NONE"})}});
  CHECK(wanted_healthcheck(Json(), Json()).empty());
}

TEST_CASE("the deadline for becoming healthy follows from the check") {
  using namespace std::chrono;
  CHECK(health_deadline(Json::object()) == seconds{4 * 60 + 10});
  CHECK(health_deadline({{"StartPeriod", 60'000'000'000},
                         {"Interval", 1'000'000'000},
                         {"Timeout", 2'000'000'000},
                         {"Retries", 1}}) == seconds{60 + 2 * 3 + 10});
}
