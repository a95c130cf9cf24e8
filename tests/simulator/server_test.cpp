#include "simulator/server.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "base/text.h"
#include "simulator/testbed.h"

namespace aegis::test {
namespace {

struct Reply {
  CURLcode code = CURLE_OK;
  long status = 0;
  long new_connections = 0;
  std::string status_line;
  std::string headers;
  std::string body;
};

std::size_t append(char* data, std::size_t size, std::size_t count, void* text) {
  static_cast<std::string*>(text)->append(data, size * count);
  return size * count;
}

// A client that keeps its connection from one call to the next and trusts only the server's own
// certificate.
class Client {
 public:
  explicit Client(const simulator::Server& server)
      : base_(server.url() + "/api2/json"),
        certificate_(server.certificate_pem()),
        token_("Authorization: PVEAPIToken=" + server.token().reveal()),
        handle_(curl_easy_init()) {}
  ~Client() { curl_easy_cleanup(handle_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void log_out() { token_.clear(); }

  Reply send(const std::string& path, const char* method = "GET", const char* body = nullptr) {
    Reply reply;
    curl_slist* headers = token_.empty() ? nullptr : curl_slist_append(nullptr, token_.c_str());
    headers = curl_slist_append(headers, "Expect:");
    curl_blob blob{certificate_.data(), certificate_.size(), CURL_BLOB_COPY};
    curl_easy_setopt(handle_, CURLOPT_URL, (base_ + path).c_str());
    curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(handle_, CURLOPT_HTTPGET, body == nullptr ? 1L : 0L);
    if (body != nullptr) curl_easy_setopt(handle_, CURLOPT_POST, 1L);
    curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle_, CURLOPT_CAINFO_BLOB, &blob);
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &reply.body);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, append);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &reply.headers);
    reply.code = curl_easy_perform(handle_);
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &reply.status);
    curl_easy_getinfo(handle_, CURLINFO_NUM_CONNECTS, &reply.new_connections);
    reply.status_line = std::string(trim(split(reply.headers, '\n').front()));
    curl_slist_free_all(headers);
    return reply;
  }

 private:
  std::string base_;
  std::string certificate_;
  std::string token_;
  CURL* handle_;
};

std::unique_ptr<simulator::Server> start(simulator::SimulatorOptions options = recorded_options()) {
  auto server = simulator::Server::start(std::move(options));
  REQUIRE(server.has_value());
  return std::move(*server);
}

}  // namespace

TEST_CASE("the server speaks HTTPS with a certificate of its own and keeps connections alive") {
  const auto server = start();
  CHECK(server->fingerprint().size() == 95);
  Client client(*server);
  const Reply first = client.send("/version");
  REQUIRE(first.code == CURLE_OK);
  CHECK(first.status_line == "HTTP/1.1 200 OK");
  CHECK(get(get(*parse_json(first.body), "data"), "release") == "8.4");
  CHECK(first.headers.find("Connection: Keep-Alive") != std::string::npos);
  CHECK(first.headers.find("application/json;charset=UTF-8") != std::string::npos);
  CHECK(first.new_connections == 1);
  CHECK(client.send("/version").new_connections == 0);
}

TEST_CASE("a connection ends after a hundred requests and after every error") {
  const auto server = start();
  Client client(*server);
  long connections = 0;
  for (int i = 0; i < 101; ++i) connections += client.send("/version").new_connections;
  CHECK(connections == 2);
  CHECK(client.send("/nope").headers.find("Connection: close") != std::string::npos);
  CHECK(client.send("/version").new_connections == 1);
}

TEST_CASE("a 401 over the wire has its text in the status line and an empty body") {
  const auto server = start();
  Client client(*server);
  client.log_out();
  const Reply refused = client.send("/version");
  CHECK(refused.status_line == "HTTP/1.1 401 No ticket");
  CHECK(refused.body.empty());
}

TEST_CASE("strange methods and a body on DELETE are refused over the wire") {
  const auto server = start();
  Client client(*server);
  CHECK(client.send("/version", "PATCH").status_line ==
        "HTTP/1.1 501 method 'PATCH' not available");
  const Reply removed = client.send("/pools", "DELETE", "poolid=a");
  CHECK(removed.status == 501);
  CHECK(removed.body == "Unexpected content for method 'DELETE'");
}

TEST_CASE("a lost answer is a 596 over the wire, and the work is done") {
  const auto server = start();
  Client client(*server);
  server->host().set_faults(
      {{{.kind = simulator::Fault::Kind::lose_answer, .method = "POST"}}, {}});
  const Reply lost = client.send("/pools", "POST", "poolid=a");
  CHECK(lost.status_line == "HTTP/1.1 596 Connection timed out");
  CHECK(client.send("/pools").body.find("\"a\"") != std::string::npos);
}

TEST_CASE("a dropped connection ends without an answer") {
  const auto server = start();
  Client client(*server);
  server->host().set_faults({{{.kind = simulator::Fault::Kind::drop_before}}, {}});
  CHECK(client.send("/pools", "POST", "poolid=a").code != CURLE_OK);
  CHECK(client.send("/version").code == CURLE_OK);
}

TEST_CASE("a slow answer comes late, and others are not held up by it") {
  const auto server = start();
  server->host().set_faults({{{.kind = simulator::Fault::Kind::slow,
                               .path = "/nodes$",
                               .delay = std::chrono::milliseconds(600)}},
                             {}});
  const auto begin = std::chrono::steady_clock::now();
  // Catch2's assertions are not made for other threads: the status is checked after the join.
  long slow_status = 0;
  std::thread slow([&] { slow_status = Client(*server).send("/nodes").status; });
  Client client(*server);
  while (server->host().requests() == 0) std::this_thread::yield();
  CHECK(client.send("/version").status == 200);
  const auto other = std::chrono::steady_clock::now() - begin;
  slow.join();
  CHECK(slow_status == 200);
  const auto all = std::chrono::steady_clock::now() - begin;
  CHECK(all >= std::chrono::milliseconds(600));
  CHECK(other < all);
}

TEST_CASE("a port that is taken is an error, not a crash") {
  const auto server = start();
  simulator::SimulatorOptions options = recorded_options();
  options.port = server->port();
  const auto second = simulator::Server::start(options);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == ErrorCode::io);
}

TEST_CASE("many clients at once are all served") {
  const auto server = start();
  std::vector<std::thread> threads;
  std::atomic<int> served = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      Client client(*server);
      for (int k = 0; k < 5; ++k) served += client.send("/version").status == 200 ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(served == 80);
}

}  // namespace aegis::test
