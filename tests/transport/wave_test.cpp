#include <time.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "transport/http_fixture.h"

namespace aegis::test {
namespace {

std::vector<HttpRequest> reads(int count) {
  std::vector<HttpRequest> requests;
  for (int i = 0; i < count; ++i) {
    requests.push_back(to_api("GET", "/api2/json/nodes/fsn1/lxc/" + std::to_string(i) + "/config"));
  }
  return requests;
}

TestReply echo(const SeenRequest& request) {
  return {.body = request.path};
}

double thread_cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace

TEST_CASE("results come in the order of the requests, over few connections") {
  Api api(echo);
  const auto requests = reads(200);
  const auto results = api.doors.http().send_all(requests);
  REQUIRE(results.size() == requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    REQUIRE(results[i].value().body == requests[i].path);
  }
  CHECK(api.server.connections() <= 8);
}

TEST_CASE("the next wave uses the connections of the one before") {
  Api api(echo);
  for (int i = 0; i < 5; ++i) static_cast<void>(api.doors.http().send_all(reads(50)));
  CHECK(api.server.connections() <= 8);
}

TEST_CASE("a server that closes after every few answers loses no read") {
  std::atomic<int> count = 0;
  Api api([&](const SeenRequest& request) {
    TestReply reply = echo(request);
    reply.hang_up = ++count % 7 == 0;
    reply.close = count % 5 == 0;
    return reply;
  });
  // Each read may be repeated once; a read that is lost twice in a row is left to the caller.
  int lost = 0;
  for (const auto& result : api.doors.http().send_all(reads(100))) {
    if (!result) ++lost;
  }
  CHECK(lost <= 3);
}

TEST_CASE("one dead read does not hold up or spoil the others") {
  Api api([](const SeenRequest& request) {
    TestReply reply = echo(request);
    reply.hang_up = request.path.ends_with("/3/config");
    return reply;
  });
  const auto results = api.doors.http().send_all(reads(20));
  for (std::size_t i = 0; i < results.size(); ++i) {
    INFO(i);
    CHECK(results[i].has_value() == (i != 3));
  }
  CHECK(results[3].error().code == ErrorCode::outcome_unknown);
}

TEST_CASE("an endpoint that is not there fails its own reads only") {
  Api api(echo);
  auto requests = reads(3);
  requests[1].endpoint = "proxmox/other";
  const auto results = api.doors.http().send_all(requests);
  CHECK(results[0]);
  CHECK(results[1].error().code == ErrorCode::rejected);
  CHECK(results[2]);
}

TEST_CASE("no request, no result") {
  Api api(echo);
  CHECK(api.doors.http().send_all({}).empty());
}

TEST_CASE("ten thousand reads cost little more than a second of our processor time") {
  Api api(echo);
  const auto requests = reads(10'000);
  const double begin = thread_cpu_seconds();
  const auto results = api.doors.http().send_all(requests);
  const double used = thread_cpu_seconds() - begin;
  for (const auto& result : results) REQUIRE(result);
  INFO(used << " s");
  // Twice what is expected: other work on the machine makes every system call dearer.
  CHECK(used < 3.0);
}

TEST_CASE("waiting for a free connection does not use up a request's own time") {
  using std::chrono::milliseconds;
  const TestCertificate certificate = make_certificate("IP:127.0.0.1");
  TestServer server(certificate, [](const SeenRequest& request) {
    return TestReply{.delay = milliseconds(request.path == "/slow" ? 1200 : 0)};
  });
  transport::TransportOptions options = isolated_options();
  options.max_connections = 1;
  transport::SystemDoors doors(connections_to(server, certificate), options);
  std::thread slow([&] { static_cast<void>(doors.http().send(to_api("GET", "/slow"))); });
  while (server.seen().empty()) std::this_thread::sleep_for(milliseconds(5));
  HttpRequest request = to_api("GET", "/quick");
  request.timeout = milliseconds(800);
  const auto begin = std::chrono::steady_clock::now();
  const auto response = doors.http().send(request);
  const auto took = std::chrono::steady_clock::now() - begin;
  slow.join();
  CHECK(response.value().status == 200);
  CHECK(took > milliseconds(800));
}

}  // namespace aegis::test
