#include <atomic>
#include <catch2/catch.hpp>

#include "transport/http_fixture.h"

namespace aegis::test {
namespace {

using Catch::Contains;

/// An API with one user, whose tickets can be made to expire.
struct LoginApi {
  TestReply answer(const SeenRequest& request) {
    if (request.path == "/api2/json/access/ticket") return log_in(request);
    const auto cookie = request.headers.find("cookie");
    const std::string ticket = cookie == request.headers.end() ? "" : cookie->second;
    if (ticket != "PVEAuthCookie=PVE%3Aticket" + std::to_string(tickets)) {
      return {.status = "401 permission denied - invalid PVE ticket", .close = true};
    }
    const auto csrf = request.headers.find("csrfpreventiontoken");
    const bool is_write = request.method != "GET";
    if (is_write && (csrf == request.headers.end() || csrf->second != "csrf")) {
      return {.status = "401 Permission denied - invalid csrf token", .close = true};
    }
    return {.body = "{\"data\":1}"};
  }

  TestReply log_in(const SeenRequest& request) {
    ++logins;
    if (request.body != "username=admin%40pve&password=a%26b%3Dc") {
      return {.status = "401 authentication failure", .close = true};
    }
    if (second_factor) return {.body = R"({"data":{"NeedTFA":1,"ticket":"PVE:!tfa!x"}})"};
    const std::string number = std::to_string(++tickets);
    return {.body = R"({"data":{"ticket":"PVE:ticket)" + number +
                    R"(","CSRFPreventionToken":"csrf","username":"admin@pve"}})"};
  }

  Connections connections() const {
    Connections all = connections_to(server, certificate);
    ProxmoxConnection& api = all.servers.at("fsn1").proxmox;
    api.token_id.clear();
    api.user = "admin@pve";
    api.password = Secret("a&b=c");
    return all;
  }

  std::atomic<int> logins = 0;
  std::atomic<int> tickets = 0;
  std::atomic<bool> second_factor = false;
  TestCertificate certificate = make_certificate("IP:127.0.0.1");
  TestServer server{certificate, [this](const SeenRequest& request) { return answer(request); }};
};

}  // namespace

TEST_CASE("a user logs in once, for reads and writes") {
  LoginApi api;
  transport::SystemDoors doors(api.connections(), isolated_options());
  CHECK(doors.http().send(to_api("GET", "/a")).value().status == 200);
  CHECK(doors.http().send(to_api("PUT", "/a")).value().status == 200);
  std::vector<HttpRequest> wave(20, to_api("GET", "/a"));
  for (const auto& result : doors.http().send_all(wave)) CHECK(result.value().status == 200);
  CHECK(api.logins == 1);
}

TEST_CASE("an expired ticket is replaced and the request repeated, a write too") {
  LoginApi api;
  transport::SystemDoors doors(api.connections(), isolated_options());
  CHECK(doors.http().send(to_api("GET", "/a")).value().status == 200);
  ++api.tickets;
  CHECK(doors.http().send(to_api("PUT", "/a")).value().status == 200);
  ++api.tickets;
  std::vector<HttpRequest> wave(20, to_api("GET", "/a"));
  for (const auto& result : doors.http().send_all(wave)) CHECK(result.value().status == 200);
  CHECK(api.logins == 3);
}

TEST_CASE("a wrong password is unauthorized, in the server's words and ours") {
  LoginApi api;
  Connections connections = api.connections();
  connections.servers.at("fsn1").proxmox.password = Secret("hunter2");
  transport::SystemDoors doors(connections, isolated_options());
  const auto response = doors.http().send(to_api("GET", "/a"));
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unauthorized);
  CHECK_THAT(response.error().message,
             Contains("authentication failure") && Contains("admin@pve") && !Contains("hunter2"));
}

TEST_CASE("an account with a second factor is told to use a token") {
  LoginApi api;
  api.second_factor = true;
  transport::SystemDoors doors(api.connections(), isolated_options());
  const auto response = doors.http().send(to_api("GET", "/a"));
  CHECK(response.error().code == ErrorCode::unauthorized);
  CHECK_THAT(response.error().message, Contains("token"));
}

TEST_CASE("what only root may do is refused honestly to a token and to another user") {
  LoginApi api;
  Connections connections = api.connections();
  SECTION("another user") {}
  SECTION("a token") {
    connections.servers.at("fsn1").proxmox.token_id = "root@pam!t";
    connections.servers.at("fsn1").proxmox.user.clear();
  }
  transport::SystemDoors doors(connections, isolated_options());
  HttpRequest request = to_api("PUT", "/a");
  request.as_root = true;
  const auto response = doors.http().send(request);
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::unauthorized);
  CHECK_THAT(response.error().message, Contains("root@pam") && Contains("ssh:"));
  CHECK(api.server.seen().empty());
}

TEST_CASE("a refused token is an answer: it is not repeated") {
  LoginApi api;
  Connections connections = api.connections();
  connections.servers.at("fsn1").proxmox.token_id = "root@pam!t";
  transport::SystemDoors doors(connections, isolated_options());
  CHECK(doors.http().send(to_api("GET", "/a")).value().status == 401);
  CHECK(api.server.seen().size() == 1);
}

TEST_CASE("a server without any credentials says what to give it") {
  LoginApi api;
  Connections connections = api.connections();
  connections.servers.at("fsn1").proxmox.user.clear();
  transport::SystemDoors doors(connections, isolated_options());
  const auto response = doors.http().send(to_api("GET", "/a"));
  CHECK(response.error().code == ErrorCode::unauthorized);
  CHECK_THAT(response.error().message, Contains("token:") && Contains("ssh:"));
}

}  // namespace aegis::test
