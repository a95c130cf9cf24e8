#include "simulator/testbed.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/text.h"

namespace aegis::test {
namespace {

constexpr std::string_view k_base = "/api2/json";

std::string encode(const Testbed::Form& form) {
  std::string text;
  for (const auto& [name, value] : form) {
    text += fmt::format(
        "{}{}={}", text.empty() ? "" : "&", percent_encode(name), percent_encode(value));
  }
  return text;
}

}  // namespace

simulator::SimulatorOptions recorded_options() {
  simulator::SimulatorOptions options;
  options.storages = {{"local", "dir", "iso,vztmpl,backup,snippets,rootdir", std::int64_t{1} << 40},
                      {"data", "btrfs", "rootdir,images", std::int64_t{1} << 40}};
  options.bridges = {{"vmbr0", "10.99.0.1/24", 1500}};
  options.files = {std::string(k_template)};
  options.absent_paths = {"/dev/nosuch", "/nosuch"};
  options.seed = 7;
  return options;
}

simulator::SimulatorOptions recorded_options(const ManualClock& clock) {
  simulator::SimulatorOptions options = recorded_options();
  options.now = [time = clock.time] { return *time; };
  return options;
}

Testbed::Testbed(simulator::SimulatorOptions options) {
  auto host = simulator::Host::open(std::move(options));
  REQUIRE(host);
  host_ = std::move(*host);
}

simulator::Response Testbed::request(std::string method, std::string path, const Form& form) {
  simulator::Request request;
  request.method = std::move(method);
  request.target = std::string(k_base) + path;
  const bool has_body = request.method == "POST" || request.method == "PUT";
  if (has_body) {
    request.headers["content-type"] = "application/x-www-form-urlencoded";
    request.body = encode(form);
  } else if (!form.empty()) {
    request.target += "?" + encode(form);
  }
  if (token_.empty()) {
    const simulator::Ticket ticket = host_->mint_ticket();
    request.headers["cookie"] = "PVEAuthCookie=" + percent_encode(ticket.ticket);
    request.headers["csrfpreventiontoken"] = ticket.csrf_token;
  } else {
    request.headers["authorization"] = "PVEAPIToken=" + token_;
  }
  return host_->handle(request);
}

simulator::Response Testbed::get(std::string path, const Form& query) {
  return request("GET", std::move(path), query);
}

simulator::Response Testbed::put(std::string path, const Form& form) {
  return request("PUT", std::move(path), form);
}

simulator::Response Testbed::post(std::string path, const Form& form) {
  return request("POST", std::move(path), form);
}

simulator::Response Testbed::remove(std::string path, const Form& query) {
  return request("DELETE", std::move(path), query);
}

Json Testbed::data(std::string path, const Form& query) {
  const simulator::Response response = get(std::move(path), query);
  INFO(response.body);
  REQUIRE(response.status == 200);
  return aegis::get(body_of(response), "data");
}

std::string Testbed::exit_status(const simulator::Response& response) {
  INFO(response.body);
  REQUIRE(response.status == 200);
  const std::string upid = text_or(body_of(response), "data");
  if (!upid.starts_with("UPID:")) return {};
  return text_or(data(fmt::format("/nodes/pve/tasks/{}/status", percent_encode(upid))),
                 "exitstatus");
}

void Testbed::make_container(int vmid, Form form) {
  Form whole{{"vmid", fmt::format("{}", vmid)},
             {"ostemplate", std::string(k_template)},
             {"rootfs", "data:1"},
             {"unprivileged", "1"}};
  for (auto& [name, value] : form) {
    std::erase_if(whole, [&name = name](const auto& known) { return known.first == name; });
    if (!value.empty()) whole.emplace_back(name, value);
  }
  REQUIRE(exit_status(post("/nodes/pve/lxc", whole)) == "OK");
}

void Testbed::make_running(int vmid, Form form) {
  make_container(vmid, std::move(form));
  REQUIRE(exit_status(post(fmt::format("/nodes/pve/lxc/{}/status/start", vmid))) == "OK");
}

void Testbed::configure(int vmid, const Form& form) {
  const simulator::Response response = put(fmt::format("/nodes/pve/lxc/{}/config", vmid), form);
  INFO(response.body);
  REQUIRE(response.status == 200);
}

std::string Testbed::make_token(const std::string& user,
                                const std::string& role,
                                const std::string& path,
                                bool separated) {
  post("/access/users", {{"userid", user}});
  REQUIRE(put("/access/acl", {{"path", path}, {"users", user}, {"roles", role}}).status == 200);
  const simulator::Response made =
      post(fmt::format("/access/users/{}/token/ci", user), {{"privsep", separated ? "1" : "0"}});
  REQUIRE(made.status == 200);
  const Json token = aegis::get(body_of(made), "data");
  return fmt::format("{}={}", text_or(token, "full-tokenid"), text_or(token, "value"));
}

Json body_of(const simulator::Response& response) {
  const Result<Json> parsed = parse_json(response.body);
  return parsed ? *parsed : Json();
}

std::string message_of(const simulator::Response& response) {
  return std::string(trim(text_or(body_of(response), "message")));
}

std::string complaint_of(const simulator::Response& response, std::string_view parameter) {
  return std::string(trim(text_or(aegis::get(body_of(response), "errors"), parameter)));
}

}  // namespace aegis::test
