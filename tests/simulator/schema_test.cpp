#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "simulator/routes.h"
#include "simulator/testbed.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

// The published API description, from the environment or from beside the source tree.
std::filesystem::path published_schema() {
  if (const char* named = std::getenv("AEGIS_PVE_API")) return named;
  return source_folder() / "../shared/reference/pve-api.json";
}

Json read_json(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  const Result<Json> parsed = parse_json(text.str());
  return parsed ? *parsed : Json();
}

std::string published_name(const simulator::Field& field) {
  return fmt::format("{}{}", field.name, field.count > 0 ? "[n]" : "");
}

simulator::Response raw(Testbed& bed, simulator::Request request) {
  const simulator::Ticket ticket = bed.host().mint_ticket();
  request.headers["cookie"] = "PVEAuthCookie=" + ticket.ticket;
  request.headers["csrfpreventiontoken"] = ticket.csrf_token;
  return bed.host().handle(request);
}

simulator::Response put_config(Testbed& bed,
                               std::string body,
                               std::string type = "application/x-www-form-urlencoded",
                               std::string query = "") {
  simulator::Request request;
  request.method = "PUT";
  request.target = "/api2/json/nodes/pve/lxc/100/config" + query;
  request.headers["content-type"] = std::move(type);
  request.body = std::move(body);
  return raw(bed, std::move(request));
}

}  // namespace

TEST_CASE("every path, method and parameter of the simulator is in Proxmox's published schema") {
  const std::filesystem::path file = published_schema();
  if (!std::filesystem::exists(file)) {
    WARN("no published schema at " << file.string() << "; name one in AEGIS_PVE_API");
    return;
  }
  const Json schema = read_json(file);
  Json by_path = Json::object();
  for (const Json& entry : get(schema, "endpoints")) {
    by_path[text_or(entry, "path")] = get(entry, "methods");
  }
  REQUIRE(by_path.size() > 100);
  for (const simulator::Route& route : simulator::routes()) {
    INFO(route.method << " " << route.path);
    const Json& method = get(get(by_path, route.path), route.method);
    REQUIRE(method.is_object());
    const Json& parameters = get(get(method, "parameters"), "properties");
    for (const simulator::Field& field : route.fields) {
      INFO(published_name(field));
      const Json& published = get(parameters, published_name(field));
      REQUIRE(published.is_object());
      CHECK(field.required == !as_bool(get(published, "optional")).value_or(false));
    }
  }
}

TEST_CASE("form bodies are cut at '&' and ';', at every '=', and '+' is a blank") {
  Testbed bed;
  bed.make_container(100);
  const simulator::Response split = put_config(bed, "tags=b;a");
  CHECK(split.status == 400);
  CHECK_FALSE(complaint_of(split, "a").empty());
  CHECK(complaint_of(put_config(bed, "startup=order=2,up=3"), "startup") ==
        "invalid format - unable to parse startup options");
  CHECK(put_config(bed, "description=a+b%20c").status == 200);
  CHECK(get(bed.data("/nodes/pve/lxc/100/config"), "description") == "a b c\n");
  CHECK(complaint_of(put_config(bed, "cores=1&cores=2"), "cores") ==
        "type check ('integer') failed - got ARRAY");
  CHECK(put_config(bed, "delete=description&delete=cores").status == 200);
  CHECK(put_config(bed, "cores=2", "application/x-www-form-urlencoded", "?cores=1").status == 200);
  CHECK(get(bed.data("/nodes/pve/lxc/100/config"), "cores") == 1);
}

TEST_CASE("JSON bodies are taken, with real booleans and arrays") {
  Testbed bed;
  bed.make_container(100);
  const std::string json = "application/json";
  CHECK(put_config(bed, R"({"cores": 1, "onboot": true, "tags": "b;a"})", json).status == 200);
  CHECK(get(bed.data("/nodes/pve/lxc/100/config"), "onboot") == 1);
  CHECK(put_config(bed, R"({"delete": ["cores", "tags"]})", json).status == 200);
  CHECK(put_config(bed, R"({"memory": "512", "cpulimit": 0.5})", json).status == 200);
  CHECK(get(bed.data("/nodes/pve/lxc/100/config"), "cpulimit") == "0.5");
  CHECK(complaint_of(put_config(bed, R"({"onboot": "yes"})", json), "onboot") ==
        "type check ('boolean') failed - got 'yes'");
  CHECK(put_config(bed, "{bad", json).status == 500);
  CHECK(put_config(bed, "[1, 2]", json).status == 500);
  const simulator::Response text = put_config(bed, "x", "text/plain");
  CHECK(text.status == 506);
  CHECK(text.reason == "upload 'Content-Type 'text/plain' not implemented");
}

TEST_CASE("what the HTTP server refuses, it refuses before it looks at the path") {
  Testbed bed;
  simulator::Request request;
  request.target = "/api2/json/version";
  request.method = "PATCH";
  CHECK(raw(bed, request).status == 501);
  CHECK(raw(bed, request).reason == "method 'PATCH' not available");
  CHECK(raw(bed, request).body.empty());
  request.method = "DELETE";
  request.body = "x=1";
  CHECK(raw(bed, request).body == "Unexpected content for method 'DELETE'");
  request.method = "PUT";
  request.chunked = true;
  CHECK(raw(bed, request).reason == "chunked transfer encoding not supported");
  CHECK(raw(bed, request).status == 501);
}

}  // namespace aegis::test
