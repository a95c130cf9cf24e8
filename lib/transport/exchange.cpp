#include "transport/exchange.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>

#include "base/text.h"
#include "transport/bridge.h"
#include "transport/http_error.h"

namespace aegis::transport {

/// What libcurl calls: each finds its Exchange and asks it.
struct CurlCallbacks {
  static std::size_t header(char* data, std::size_t, std::size_t size, void* self) noexcept {
    static_cast<Exchange*>(self)->take_header({data, size});
    return size;
  }

  static std::size_t body(char* data, std::size_t, std::size_t size, void* self) noexcept {
    return static_cast<Exchange*>(self)->take_body({data, size}) ? size : size + 1;
  }

  static std::size_t source(char* data, std::size_t, std::size_t size, void* self) noexcept {
    return static_cast<Exchange*>(self)->give_body({data, size});
  }

  static int rewind(void* self, curl_off_t offset, int origin) noexcept {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Exchange*>(self)->given_ = offset;
    return CURL_SEEKFUNC_OK;
  }

  static int before_request(void* self, char*, char*, int, int) noexcept {
    return static_cast<Exchange*>(self)->begin_request() ? CURL_PREREQFUNC_OK
                                                         : CURL_PREREQFUNC_ABORT;
  }

  static int progress(
      void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t uploaded) noexcept {
    return static_cast<Exchange*>(self)->is_silent(uploaded) ? 1 : 0;
  }

  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
    return static_cast<Exchange*>(self)->open_bridge(*address);
  }
};

namespace {

constexpr long k_receive_buffer = 64L * 1024;

std::string host_of(const std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  return url.substr(begin, url.find_first_of(":/", begin) - begin);
}

bool breaks_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool add_header(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return false;
  if (!list) list.reset(longer);  // else it is the same list
  return true;
}

}  // namespace

bool is_repeatable(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

void configure(CURL* easy, const Route& route, const TransportOptions& options) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, route.tls ? "https" : "http");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, k_receive_buffer);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  if (!route.may_use_proxy) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  if (!route.unix_socket.empty()) {
    curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, route.unix_socket.c_str());
  }
  if (route.tls) route.tls->attach(easy);
  if (route.is_api) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  // A channel has its own time limit for the way to the host, with better words.
  if (!route.dial) {
    curl_easy_setopt(
        easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  } else {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlCallbacks::open_socket);
  }
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlCallbacks::header);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlCallbacks::body);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &CurlCallbacks::source);
  curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &CurlCallbacks::rewind);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &CurlCallbacks::before_request);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &CurlCallbacks::progress);
}

Exchange::Exchange(CURL* easy, const HttpRequest& request, const Route& route)
    : easy_(easy), request_(request), route_(route) {}

Exchange::~Exchange() {
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, nullptr);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, nullptr);
}

Result<Done> Exchange::prepare(const HttpHeaders& credentials, bool fresh_connection) {
  if (!request_.path.starts_with('/') || breaks_line(request_.path)) {
    return Error{ErrorCode::rejected, "the path of a request begins with / and is one line"};
  }
  bool complete = add_header(headers_, "Expect:");
  // Without a type of its own, a body-less POST would be announced as a form.
  complete &= add_header(headers_,
                         request_.content_type.empty() ? std::string("Content-Type:")
                                                       : "Content-Type: " + request_.content_type);
  if (!route_.host_header.empty()) complete &= add_header(headers_, "Host: " + route_.host_header);
  for (const HttpHeaders* list : {&request_.headers, &credentials}) {
    for (const auto& [name, value] : *list) {
      if (breaks_line(name) || breaks_line(value)) {
        return Error{ErrorCode::rejected, "the header " + name + " does not fit into one line"};
      }
      complete &= add_header(
          headers_, value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value));
    }
  }
  if (!complete) return Error{ErrorCode::io, "no memory for a request"};
  curl_easy_setopt(easy_, CURLOPT_URL, (route_.base_url + request_.path).c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, fresh_connection ? 1L : 0L);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, words_.data());
  for (const CURLoption option : {CURLOPT_HEADERDATA,
                                  CURLOPT_WRITEDATA,
                                  CURLOPT_READDATA,
                                  CURLOPT_SEEKDATA,
                                  CURLOPT_PREREQDATA,
                                  CURLOPT_XFERINFODATA,
                                  CURLOPT_OPENSOCKETDATA}) {
    curl_easy_setopt(easy_, option, this);
  }
  set_method();
  set_timeouts();
  return Done{};
}

void Exchange::set_method() {
  const bool has_body = !request_.content_type.empty();
  const bool is_head = request_.method == "HEAD";
  curl_easy_setopt(easy_, CURLOPT_NOBODY, is_head ? 1L : 0L);
  if (is_head) {
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, nullptr);
  } else if (has_body || request_.method == "POST" || request_.method == "PUT") {
    curl_easy_setopt(easy_, CURLOPT_POST, 1L);
    // Without a text of its own, the library asks for the body piece by piece.
    const char* text = has_body ? request_.body.data() : "";
    const auto size = has_body ? static_cast<std::int64_t>(request_.body.size()) : 0;
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.source ? nullptr : text);
    curl_easy_setopt(easy_,
                     CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request_.source ? request_.source->size : size));
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  } else {
    curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
}

void Exchange::set_timeouts() {
  last_move_ = std::chrono::steady_clock::now();
  const auto limit = is_streamed() ? 0 : std::max<std::int64_t>(1, request_.timeout.count());
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(limit));
}

// A status line begins an answer anew: the one before it was a "100 Continue".
void Exchange::take_header(std::string_view line) {
  last_move_ = std::chrono::steady_clock::now();
  line = trim(line);
  if (line.starts_with("HTTP/")) {
    response_ = {};
    const std::size_t blank = line.find(' ');
    const std::string_view rest = blank == std::string_view::npos ? "" : line.substr(blank + 1);
    std::from_chars(rest.data(), rest.data() + rest.size(), response_.status);
    if (rest.size() > 4) response_.reason = rest.substr(4);
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  response_.headers.emplace_back(to_lower(line.substr(0, colon)),
                                 std::string(trim(line.substr(colon + 1))));
}

bool Exchange::take_body(std::string_view piece) {
  last_move_ = std::chrono::steady_clock::now();
  if (!request_.on_body || response_.status / 100 != 2) {
    response_.body += piece;
    return true;
  }
  stopped_by_reader_ = !request_.on_body(piece);
  // The reader's own time is not the server's silence.
  last_move_ = std::chrono::steady_clock::now();
  return !stopped_by_reader_;
}

std::size_t Exchange::give_body(std::span<char> piece) {
  if (!request_.source) return 0;
  const auto left =
      static_cast<std::size_t>(std::max<std::int64_t>(0, request_.source->size - given_));
  if (left == 0) return 0;
  const auto read = request_.source->read(given_, piece.first(std::min(left, piece.size())));
  if (!read) {
    source_error_ = read.error();
    return CURL_READFUNC_ABORT;
  }
  given_ += static_cast<std::int64_t>(*read);
  // The reader's own time is not the server's silence.
  last_move_ = std::chrono::steady_clock::now();
  return *read;
}

// Called before the request is written. The library sends again by itself when a kept-alive
// connection turns out to be dead; for a write that would be done twice when only the answer was
// lost.
bool Exchange::begin_request() {
  repeat_refused_ = request_sent_ && !is_repeatable(request_);
  request_sent_ = true;
  return !repeat_refused_;
}

bool Exchange::is_silent(std::int64_t uploaded) {
  if (!is_streamed()) return false;
  const auto now = std::chrono::steady_clock::now();
  if (uploaded != uploaded_) {
    uploaded_ = uploaded;
    last_move_ = now;
  }
  fell_silent_ = now - last_move_ > request_.timeout;
  return fell_silent_;
}

// The library connects the socket to the address that is left in `address`: our own door.
curl_socket_t Exchange::open_bridge(curl_sockaddr& address) {
  std::optional<BridgeDoor> door = open_bridge_door();
  if (!door) return CURL_SOCKET_BAD;
  address.family = AF_INET;
  address.addrlen = sizeof door->address;
  std::memcpy(&address.addr, &door->address, sizeof door->address);
  const int client = door->client.release();
  bridge_ = route_.dial(std::move(*door));
  return client;
}

// The library's words about a socket name a host and a port that are not there.
std::string Exchange::words_on(CURLcode code) const {
  if (repeat_refused_) return "the connection was closed";
  long number = 0;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &number);
  if (code != CURLE_COULDNT_CONNECT || route_.unix_socket.empty() || number == 0) {
    return words_.data();
  }
  return std::generic_category().message(static_cast<int>(number));
}

Result<HttpResponse> Exchange::finish(CURLcode code) {
  if (source_error_) return *source_error_;
  if (code == CURLE_OK && response_.status != 0) return std::move(response_);
  return http_error({.code = code,
                     .detail = words_on(code),
                     .host = host_of(route_.base_url),
                     .timeout = request_.timeout,
                     .request_sent = request_sent_,
                     .answer_begun = response_.status != 0,
                     .stopped_by_reader = stopped_by_reader_,
                     .fell_silent = fell_silent_,
                     .tls = route_.tls,
                     .bridge = bridge_});
}

}  // namespace aegis::transport
