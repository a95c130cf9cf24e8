#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "transport/test_certificate.h"

namespace aegis::test {

struct SeenRequest {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body = {};
  int connection = 0;  ///< counts from 1
};

struct TestReply {
  std::string status = "200 OK";
  std::string headers = {};  ///< whole lines, each with its CRLF
  std::string body = {};
  std::chrono::milliseconds delay{0};
  bool hang_up = false;                         ///< close without a byte of an answer
  bool hang_up_midway = false;                  ///< close after half of the body
  bool close = false;                           ///< close after the answer
  std::chrono::milliseconds between_pieces{0};  ///< send the body line by line, chunked
};

/// A small HTTP/1.1 server for the tests, a thread a connection: on TLS or plain loopback, or on a
/// unix socket. The handler runs on the connections' threads.
class TestServer {
 public:
  using Handler = std::function<TestReply(const SeenRequest&)>;

  /// HTTPS on a free loopback port.
  TestServer(const TestCertificate& certificate, Handler handler);

  /// HTTP on a free loopback port.
  explicit TestServer(Handler handler);

  /// HTTP on a unix socket.
  TestServer(const std::string& socket_path, Handler handler);

  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer();

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const;
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] std::vector<SeenRequest> seen() const;

 private:
  class Stream;
  void listen_on_loopback();
  void accept_all();
  void serve(int fd, int number);
  void pause(std::chrono::milliseconds duration) const;
  bool answer(Stream& stream, const SeenRequest& request);

  Handler handler_;
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> tls_{nullptr, &SSL_CTX_free};
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<SeenRequest> seen_;
  std::vector<int> open_;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

}  // namespace aegis::test
