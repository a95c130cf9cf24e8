#include "simulator/server.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/strand.hpp>
#include <thread>
#include <vector>

#include "simulator/certificate.h"
#include "simulator/connection.h"

namespace aegis::simulator {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int k_threads = 2;

Error io_error(std::string_view what, const error_code& problem) {
  return {ErrorCode::io, fmt::format("the simulator cannot {}: {}", what, problem.message())};
}

}  // namespace

struct Server::Parts {
  // Sessions hold on to all of these: the context that runs them must be destroyed first.
  std::unique_ptr<Host> host;
  Certificate certificate;
  asio::ssl::context tls{asio::ssl::context::tls_server};
  asio::io_context loop{k_threads};
  tcp::acceptor acceptor{loop};
  std::uint16_t port = 0;
  std::vector<std::thread> threads;

  ~Parts() {
    loop.stop();
    for (std::thread& thread : threads) thread.join();
  }

  Result<Done> use_certificate() {
    error_code problem;
    tls.use_certificate_chain(asio::buffer(certificate.certificate_pem), problem);
    if (problem) return io_error("use its certificate", problem);
    tls.use_private_key(asio::buffer(certificate.key_pem), asio::ssl::context::pem, problem);
    if (problem) return io_error("use its key", problem);
    return Done{};
  }

  Result<Done> listen(std::uint16_t wanted) {
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), wanted);
    error_code problem;
    acceptor.open(endpoint.protocol(), problem);
    if (!problem) acceptor.set_option(tcp::acceptor::reuse_address(true), problem);
    if (!problem) acceptor.bind(endpoint, problem);
    if (!problem) acceptor.listen(asio::socket_base::max_listen_connections, problem);
    if (problem) return io_error(fmt::format("listen on 127.0.0.1:{}", wanted), problem);
    port = acceptor.local_endpoint(problem).port();
    return Done{};
  }

  void accept() {
    acceptor.async_accept(asio::make_strand(loop), [this](error_code problem, tcp::socket socket) {
      if (problem == asio::error::operation_aborted) return;
      if (!problem) {
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        serve_connection(std::move(socket), tls, *host);
      }
      accept();
    });
  }

  void run() {
    accept();
    for (int i = 0; i < k_threads; ++i) threads.emplace_back([this] { loop.run(); });
  }
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(SimulatorOptions options) {
  const std::uint16_t port = options.port;
  Result<std::unique_ptr<Host>> host = Host::open(std::move(options));
  if (!host) return host.error();
  Result<Certificate> certificate = make_certificate();
  if (!certificate) return certificate.error();
  auto parts = std::make_unique<Parts>();
  parts->host = std::move(*host);
  parts->certificate = std::move(*certificate);
  const Result<Done> trusted = parts->use_certificate();
  if (!trusted) return trusted.error();
  const Result<Done> listening = parts->listen(port);
  if (!listening) return listening.error();
  parts->run();
  return std::unique_ptr<Server>(new Server(std::move(parts)));
}

std::uint16_t Server::port() const {
  return parts_->port;
}

std::string Server::url() const {
  return fmt::format("https://127.0.0.1:{}", parts_->port);
}

std::string Server::fingerprint() const {
  return parts_->certificate.fingerprint;
}

std::string Server::certificate_pem() const {
  return parts_->certificate.certificate_pem;
}

Secret Server::token() const {
  return parts_->host->root_token();
}

Host& Server::host() {
  return *parts_->host;
}

}  // namespace aegis::simulator
