#include "relay/http_server.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <thread>
#include <vector>

namespace aegis::relay {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int k_threads = 2;
constexpr std::chrono::seconds k_idle_limit{30};
// Proxmox sends the whole log of a backup along.
constexpr std::uint64_t k_largest_body = std::uint64_t{8} << 20;

Call call_of(const http::request<http::string_body>& request) {
  const std::string target(request.target());
  return {std::string(request.method_string()),
          target.substr(0, target.find('?')),
          std::string(request[http::field::authorization]),
          request.body()};
}

class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  Conversation(tcp::socket socket, const HttpServer::Handler& handler)
      : stream_(std::move(socket)), handler_(handler) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(k_largest_body);
    stream_.expires_after(k_idle_limit);
    const auto then = [self = shared_from_this()](error_code problem, std::size_t) {
      if (!problem) self->answer();
    };
    http::async_read(stream_, buffer_, *parser_, then);
  }

 private:
  void answer() {
    const auto& request = parser_->get();
    const Answer answer = handler_(call_of(request));
    response_ = {};
    response_.version(request.version());
    response_.result(static_cast<unsigned>(answer.status));
    response_.keep_alive(request.keep_alive());
    response_.set(http::field::content_type, answer.content_type);
    response_.body() = answer.body;
    response_.prepare_payload();
    stream_.expires_after(k_idle_limit);
    const auto then = [self = shared_from_this()](error_code problem, std::size_t) {
      if (!problem && self->response_.keep_alive()) self->read();
    };
    http::async_write(stream_, response_, then);
  }

  beast::tcp_stream stream_;
  const HttpServer::Handler& handler_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
};

}  // namespace

struct HttpServer::Parts {
  // Conversations hold on to both: the context that runs them must be destroyed first.
  Handler handler;
  asio::io_context loop{k_threads};
  tcp::acceptor acceptor{loop};
  std::vector<std::thread> threads;

  ~Parts() {
    loop.stop();
    for (std::thread& thread : threads) thread.join();
  }

  void accept() {
    acceptor.async_accept(asio::make_strand(loop), [this](error_code problem, tcp::socket socket) {
      if (problem == asio::error::operation_aborted) return;
      if (!problem) std::make_shared<Conversation>(std::move(socket), handler)->read();
      accept();
    });
  }
};

HttpServer::HttpServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HttpServer::~HttpServer() = default;

int HttpServer::port() const {
  error_code ignored;
  return parts_->acceptor.local_endpoint(ignored).port();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(Listener listener, Handler handler) {
  auto parts = std::make_unique<Parts>();
  parts->handler = std::move(handler);
  error_code problem;
  const auto protocol = listener.is_ipv6() ? tcp::v6() : tcp::v4();
  parts->acceptor.assign(protocol, listener.descriptor(), problem);
  if (problem) {
    return Error{ErrorCode::io,
                 fmt::format("the socket cannot be listened on: {}", problem.message())};
  }
  listener.release();
  parts->accept();
  for (int i = 0; i < k_threads; ++i) {
    parts->threads.emplace_back([loop = &parts->loop] { loop->run(); });
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(parts)));
}

}  // namespace aegis::relay
