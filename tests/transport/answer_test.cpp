#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "transport/http_fixture.h"

namespace aegis::test {
namespace {

using Catch::Contains;

std::string header(const HttpResponse& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("status, reason, headers and body of an answer come through, whatever the status") {
  Api api([](const SeenRequest&) {
    return TestReply{.status = "595 no route to host", .headers = "X-Key: A b\r\n", .body = "{}"};
  });
  const auto response = api.get("/api2/json/version?a=%2F");
  REQUIRE(response);
  CHECK(response->status == 595);
  CHECK(response->reason == "no route to host");
  CHECK(header(*response, "x-key") == "A b");
  CHECK(response->body == "{}");
  CHECK(api.server.seen().at(0).path == "/api2/json/version?a=%2F");
}

TEST_CASE("requests are made as Proxmox wants them") {
  Api api([](const SeenRequest&) { return TestReply{}; });
  HttpRequest post = to_api("POST", "/api2/json/nodes");
  REQUIRE(api.send(post));
  post.content_type = "application/x-www-form-urlencoded";
  post.body = std::string(3000, 'x');
  REQUIRE(api.send(post));
  REQUIRE(api.send(to_api("DELETE", "/api2/json/nodes?purge=1")));
  const auto seen = api.server.seen();
  CHECK(seen[0].headers.at("content-length") == "0");
  CHECK_FALSE(seen[0].headers.contains("content-type"));
  CHECK(seen[1].headers.at("content-type") == "application/x-www-form-urlencoded");
  CHECK(seen[1].body == post.body);
  CHECK_FALSE(seen[1].headers.contains("expect"));
  CHECK(seen[2].method == "DELETE");
  CHECK_FALSE(seen[2].headers.contains("content-length"));
  CHECK(seen[2].headers.at("authorization") == "PVEAPIToken=root@pam!test=0000-1111");
}

TEST_CASE("a redirect is an answer, not followed") {
  Api api([](const SeenRequest&) {
    return TestReply{.status = "301 Moved", .headers = "Location: /elsewhere\r\n"};
  });
  CHECK(api.get("/").value().status == 301);
  CHECK(api.server.seen().size() == 1);
}

TEST_CASE("a connection is kept alive from request to request") {
  Api api([](const SeenRequest&) { return TestReply{}; });
  for (int i = 0; i < 10; ++i) REQUIRE(api.get("/"));
  CHECK(api.server.connections() == 1);
}

TEST_CASE("a write whose answer is lost has an unknown outcome, and is not sent twice") {
  std::atomic<int> writes = 0;
  Api api([&](const SeenRequest& request) {
    if (request.method == "POST") ++writes;
    return TestReply{.hang_up = request.method == "POST"};
  });
  SECTION("on a new connection") {}
  SECTION("on a connection that was kept alive") {
    REQUIRE(api.get("/"));
  }
  const auto response = api.send(to_api("POST", "/"));
  REQUIRE_FALSE(response);
  CHECK(response.error().code == ErrorCode::outcome_unknown);
  CHECK(writes == 1);
}

TEST_CASE("a read whose answer is lost is sent once more") {
  std::atomic<int> reads = 0;
  Api api([&](const SeenRequest&) {
    return TestReply{.body = "0123456789", .hang_up_midway = ++reads == 1};
  });
  CHECK(api.get("/").value().body == "0123456789");
  CHECK(reads == 2);
}

TEST_CASE("a read whose answer is lost again ends as unknown") {
  Api api([](const SeenRequest&) { return TestReply{.hang_up = true}; });
  CHECK(api.get("/").error().code == ErrorCode::outcome_unknown);
}

TEST_CASE("an answer later than the deadline is timed out") {
  Api api([](const SeenRequest&) { return TestReply{.delay = std::chrono::seconds(30)}; });
  HttpRequest request = to_api("POST", "/");
  request.timeout = std::chrono::milliseconds(200);
  const auto response = api.send(request);
  CHECK(response.error().code == ErrorCode::timed_out);
  CHECK_THAT(response.error().message, Contains("200ms") && Contains("proxmox/fsn1"));
}

TEST_CASE("nobody listening is unreachable") {
  const TestCertificate certificate = make_certificate("IP:127.0.0.1");
  Connections connections;
  {
    TestServer gone(certificate, [](const SeenRequest&) { return TestReply{}; });
    connections = connections_to(gone, certificate);
  }
  transport::SystemDoors doors(connections, isolated_options());
  CHECK(doors.http().send(to_api("POST", "/")).error().code == ErrorCode::unreachable);
}

TEST_CASE("a streamed body arrives piece by piece, and may take longer than the timeout") {
  Api api([](const SeenRequest&) {
    return TestReply{.body = "a\nb\nc\nd\n", .between_pieces = std::chrono::milliseconds(400)};
  });
  HttpRequest request = to_api("GET", "/");
  request.timeout = std::chrono::milliseconds(1000);
  std::vector<std::string> pieces;
  request.on_body = [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return true;
  };
  const auto response = api.send(request);
  REQUIRE(response);
  CHECK(response->body.empty());
  CHECK(pieces == std::vector<std::string>{"a\n", "b\n", "c\n", "d\n"});
}

TEST_CASE("a stream that falls silent for the timeout is timed out") {
  Api api([](const SeenRequest&) {
    return TestReply{.body = "a\nb\n", .between_pieces = std::chrono::seconds(20)};
  });
  HttpRequest request = to_api("GET", "/");
  request.timeout = std::chrono::milliseconds(300);
  request.on_body = [](std::string_view) { return true; };
  CHECK(api.send(request).error().code == ErrorCode::timed_out);
}

TEST_CASE("a reader can end a stream") {
  Api api([](const SeenRequest&) { return TestReply{.body = "abc"}; });
  HttpRequest request = to_api("GET", "/");
  request.on_body = [](std::string_view) { return false; };
  CHECK(api.send(request).error().code == ErrorCode::interrupted);
}

TEST_CASE("a body with a source is sent from it piece by piece, and the next request as usual") {
  Api api([](const SeenRequest& request) {
    return TestReply{.body = std::to_string(request.body.size())};
  });
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += std::to_string(i) + "\r\n";
  std::size_t largest = 0;
  HttpRequest request = to_api("POST", "/upload");
  request.content_type = "multipart/form-data; boundary=b";
  request.source = BodySource{static_cast<std::int64_t>(text.size()),
                              [&](std::int64_t offset, std::span<char> piece) {
                                const std::string_view rest =
                                    std::string_view(text).substr(static_cast<std::size_t>(offset));
                                largest = std::max(largest, piece.size());
                                return rest.copy(piece.data(), piece.size());
                              }};
  const auto response = api.send(request);
  REQUIRE(response);
  CHECK(response->body == std::to_string(text.size()));
  CHECK(api.server.seen().back().body == text);
  CHECK(largest < text.size() / 4);
  HttpRequest plain = to_api("POST", "/plain");
  plain.content_type = "text/plain";
  plain.body = "short";
  CHECK(api.send(plain)->body == "5");
  CHECK(api.server.connections() == 1);
}

TEST_CASE("a source that fails ends the exchange with its own words") {
  Api api([](const SeenRequest&) { return TestReply{}; });
  HttpRequest request = to_api("POST", "/upload");
  request.content_type = "application/octet-stream";
  request.source = BodySource{1 << 20, [](std::int64_t, std::span<char>) -> Result<std::size_t> {
                                return Error{ErrorCode::io, "the disk is gone"};
                              }};
  const auto response = api.send(request);
  REQUIRE_FALSE(response);
  CHECK(response.error().message == "proxmox/fsn1: the disk is gone");
  CHECK(api.get("/after")->status == 200);
}

TEST_CASE("the body of an error goes to the answer, not to the stream's reader") {
  Api api([](const SeenRequest&) { return TestReply{.status = "500 no", .body = "why"}; });
  HttpRequest request = to_api("GET", "/");
  request.on_body = [](std::string_view) { return false; };
  CHECK(api.send(request).value().body == "why");
}

TEST_CASE("no more than two writes run on a Proxmox host at a time") {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  Api api([&](const SeenRequest&) {
    const int now = ++running;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    --running;
    return TestReply{};
  });
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&] { static_cast<void>(api.send(to_api("PUT", "/"))); });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(api.server.seen().size() == 8);
  CHECK(most == 2);
}

TEST_CASE("what HTTP cannot carry is refused before anything is sent") {
  Api api([](const SeenRequest&) { return TestReply{}; });
  CHECK(api.get("no-slash").error().code == ErrorCode::rejected);
  CHECK(api.get("/a\r\nX: y").error().code == ErrorCode::rejected);
  CHECK(api.get("/a b").error().code == ErrorCode::rejected);
  HttpRequest request = to_api("GET", "/");
  request.headers = {{"X-Key", "a\r\nEvil: b"}};
  CHECK(api.send(request).error().code == ErrorCode::rejected);
  request.endpoint = "proxmox/other";
  CHECK(api.send(request).error().code == ErrorCode::rejected);
  CHECK(api.server.seen().empty());
}

}  // namespace aegis::test
