#include "transport/test_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "base/text.h"

namespace aegis::test {
namespace {

std::unique_ptr<BIO, int (*)(BIO*)> reader_of(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

SSL_CTX* make_context(const TestCertificate& certificate) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  X509* leaf =
      PEM_read_bio_X509(reader_of(certificate.certificate).get(), nullptr, nullptr, nullptr);
  EVP_PKEY* key =
      PEM_read_bio_PrivateKey(reader_of(certificate.key).get(), nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context, leaf);
  SSL_CTX_use_PrivateKey(context, key);
  X509_free(leaf);
  EVP_PKEY_free(key);
  return context;
}

std::string chunked(const std::string& piece) {
  return fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
}

}  // namespace

/// A connection with or without TLS.
class TestServer::Stream {
 public:
  Stream(int fd, SSL_CTX* tls) : fd_(fd) {
    if (tls == nullptr) return;
    ssl_ = SSL_new(tls);
    SSL_set_fd(ssl_, fd);
    good_ = SSL_accept(ssl_) == 1;
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (ssl_ != nullptr) SSL_free(ssl_);
  }

  /// The next request, or nothing at the end of the connection.
  std::optional<SeenRequest> read_request() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return std::nullopt;
    }
    SeenRequest request = parse(buffer_.substr(0, end));
    buffer_.erase(0, end + 4);
    const auto length = request.headers.find("content-length");
    const std::size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
    while (buffer_.size() < size) {
      if (!fill()) return std::nullopt;
    }
    request.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return request;
  }

  void write(std::string_view text) {
    while (!text.empty() && good_) {
      const auto size = static_cast<int>(std::min<std::size_t>(text.size(), 1 << 16));
      const ssize_t sent = ssl_ != nullptr ? SSL_write(ssl_, text.data(), size)
                                           : ::send(fd_, text.data(), size, MSG_NOSIGNAL);
      good_ = sent > 0;
      if (good_) text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

 private:
  bool fill() {
    char piece[1 << 14];
    if (!good_) return false;
    const ssize_t size =
        ssl_ != nullptr ? SSL_read(ssl_, piece, sizeof piece) : ::recv(fd_, piece, sizeof piece, 0);
    good_ = size > 0;
    if (good_) buffer_.append(piece, static_cast<std::size_t>(size));
    return good_;
  }

  static SeenRequest parse(const std::string& head) {
    SeenRequest request;
    std::istringstream lines(head);
    lines >> request.method >> request.path;
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      const std::size_t colon = line.find(':');
      if (colon == std::string::npos) continue;
      request.headers[to_lower(line.substr(0, colon))] = std::string(trim(line.substr(colon + 1)));
    }
    return request;
  }

  int fd_;
  SSL* ssl_ = nullptr;
  bool good_ = true;
  std::string buffer_;
};

TestServer::TestServer(const TestCertificate& certificate, Handler handler)
    : handler_(std::move(handler)) {
  tls_.reset(make_context(certificate));
  listen_on_loopback();
  acceptor_ = std::thread([this] { accept_all(); });
}

TestServer::TestServer(Handler handler) : handler_(std::move(handler)) {
  listen_on_loopback();
  acceptor_ = std::thread([this] { accept_all(); });
}

TestServer::TestServer(const std::string& socket_path, Handler handler)
    : handler_(std::move(handler)) {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
  const auto* raw = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(listener_, raw, sizeof address) != 0 || ::listen(listener_, 64) != 0) {
    throw std::runtime_error("cannot listen on " + socket_path);
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

void TestServer::listen_on_loopback() {
  std::signal(SIGPIPE, SIG_IGN);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, raw, &size) != 0) {
    throw std::runtime_error("cannot listen on loopback");
  }
  port_ = ntohs(address.sin_port);
}

TestServer::~TestServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& worker : workers_) worker.join();
}

std::string TestServer::url() const {
  return fmt::format("{}://127.0.0.1:{}", tls_ ? "https" : "http", port_);
}

std::vector<SeenRequest> TestServer::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void TestServer::accept_all() {
  while (!stopping_) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int number = ++connections_;
    const std::lock_guard lock(mutex_);
    open_.push_back(fd);
    workers_.emplace_back([this, fd, number] { serve(fd, number); });
  }
}

void TestServer::serve(int fd, int number) {
  {
    Stream stream(fd, tls_.get());
    bool more = true;
    while (more && !stopping_) {
      std::optional<SeenRequest> request = stream.read_request();
      if (!request) break;
      request->connection = number;
      {
        const std::lock_guard lock(mutex_);
        seen_.push_back(*request);
      }
      more = answer(stream, *request);
    }
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, fd);
  ::close(fd);
}

// Ends early when the server is stopped.
void TestServer::pause(std::chrono::milliseconds duration) const {
  const auto until = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < until && !stopping_) {
    std::this_thread::sleep_for(std::min(duration, std::chrono::milliseconds(10)));
  }
}

bool TestServer::answer(Stream& stream, const SeenRequest& request) {
  const TestReply reply = handler_(request);
  pause(reply.delay);
  if (reply.hang_up) return false;
  if (reply.between_pieces.count() > 0) {
    stream.write(fmt::format(
        "HTTP/1.1 {}\r\nTransfer-Encoding: chunked\r\n{}\r\n", reply.status, reply.headers));
    for (const std::string& line : split_any(reply.body, "\n")) {
      if (stopping_) return false;
      stream.write(chunked(line + "\n"));
      pause(reply.between_pieces);
    }
    stream.write("0\r\n\r\n");
    return !reply.close;
  }
  const std::string head = fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n",
                                       reply.status,
                                       reply.body.size(),
                                       reply.headers);
  const std::size_t size = reply.hang_up_midway ? reply.body.size() / 2 : reply.body.size();
  stream.write(head + reply.body.substr(0, size));
  return !reply.close && !reply.hang_up_midway;
}

}  // namespace aegis::test
