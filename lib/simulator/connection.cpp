#include "simulator/connection.h"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <memory>
#include <optional>

#include "base/text.h"

namespace aegis::simulator {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::chrono::seconds k_idle_limit{5};
constexpr std::chrono::seconds k_shutdown_limit{1};
constexpr int k_requests_per_connection = 100;
// Room for uploads; what other calls may send is checked where they are answered.
constexpr std::uint64_t k_largest_body = std::uint64_t{64} << 20;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context, Host& host)
      : stream_(beast::tcp_stream(std::move(socket)), context),
        timer_(stream_.get_executor()),
        host_(host) {}

  void start() {
    lowest().expires_after(k_idle_limit);
    stream_.async_handshake(boost::asio::ssl::stream_base::server,
                            [self = shared_from_this()](error_code problem) {
                              if (!problem) self->read();
                            });
  }

 private:
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  void read() {
    parser_.emplace();
    parser_->body_limit(k_largest_body);
    lowest().expires_after(k_idle_limit);
    http::async_read(
        stream_, buffer_, *parser_, [self = shared_from_this()](error_code problem, std::size_t) {
          if (!problem) self->answer();
        });
  }

  void answer() {
    lowest().expires_never();
    Request request;
    request.chunked = parser_->chunked();
    const http::request<http::string_body>& received = parser_->get();
    request.method = std::string(received.method_string());
    request.target = std::string(received.target());
    request.body = received.body();
    for (const auto& field : received) {
      request.headers[to_lower(std::string(field.name_string()))] = std::string(field.value());
    }
    const Response response = host_.handle(request);
    prepare(response, received.version(), received.keep_alive());
    if (response.delay.count() == 0) return send(response.dropped);
    timer_.expires_after(response.delay);
    timer_.async_wait([self = shared_from_this(), dropped = response.dropped](error_code problem) {
      if (!problem) self->send(dropped);
    });
  }

  void prepare(const Response& response, unsigned version, bool keep_alive) {
    closes_ = response.close || !keep_alive || ++served_ >= k_requests_per_connection;
    response_ = {};
    response_.version(version);
    response_.result(static_cast<unsigned>(response.status));
    response_.reason(response.reason);
    response_.set(http::field::server, "pve-api-daemon/3.0");
    response_.set(http::field::connection, closes_ ? "close" : "Keep-Alive");
    response_.set(http::field::cache_control, "max-age=0");
    if (!response.content_type.empty()) {
      response_.set(http::field::content_type, response.content_type);
    }
    response_.body() = response.body;
    response_.content_length(response.body.size());
  }

  void send(bool dropped) {
    if (dropped) {
      error_code ignored;
      lowest().socket().close(ignored);
      return;
    }
    lowest().expires_after(k_idle_limit);
    http::async_write(
        stream_, response_, [self = shared_from_this()](error_code problem, std::size_t) {
          if (problem) return;
          if (self->closes_) return self->shut_down();
          self->read();
        });
  }

  void shut_down() {
    lowest().expires_after(k_shutdown_limit);
    stream_.async_shutdown([self = shared_from_this()](error_code) {});
  }

  beast::ssl_stream<beast::tcp_stream> stream_;
  boost::asio::steady_timer timer_;
  Host& host_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  int served_ = 0;
  bool closes_ = false;
};

}  // namespace

void serve_connection(boost::asio::ip::tcp::socket socket,
                      boost::asio::ssl::context& context,
                      Host& host) {
  std::make_shared<Connection>(std::move(socket), context, host)->start();
}

}  // namespace aegis::simulator
