#include "kinds/proxmox/simulated_host.h"

#include <catch2/catch.hpp>

#include "kinds/proxmox/api.h"

namespace aegis::test {
namespace {

simulator::SimulatorOptions on_clock(simulator::SimulatorOptions options, const FakeClock& clock) {
  options.seed = 1;
  options.now = [&clock] { return clock.now(); };
  return options;
}

}  // namespace

SimulatedHost::SimulatedHost(simulator::SimulatorOptions options)
    : http_(on_clock(std::move(options), clock_)) {}

Json SimulatedHost::by_hand(const std::string& method,
                            const std::string& path,
                            const std::vector<std::pair<std::string, std::string>>& form) {
  HttpRequest request;
  request.endpoint = "proxmox/fsn1";
  request.method = method;
  request.path = "/api2/json" + path;
  request.as_root = true;
  if (method == "POST" || method == "PUT") {
    request.content_type = "application/x-www-form-urlencoded";
    request.body = proxmox::encode_form(form);
  }
  const auto response = http_.send(request);
  REQUIRE(response);
  INFO(method << " " << path << " " << response->body);
  REQUIRE(response->status == 200);
  return aegis::get(parse_json(response->body).value(), "data");
}

}  // namespace aegis::test
