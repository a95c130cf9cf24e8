#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "effects/http.h"
#include "transport/curl_handles.h"
#include "transport/route.h"

namespace aegis::transport {

/// Sets what is the same for all requests that go by `route`. Once a handle; the route must outlive
/// it.
void configure(CURL* easy, const Route& route, const TransportOptions& options);

/// One request on its way: prepares a configured handle, collects the answer, judges the end. Stays
/// where it is, and the request with it, until the transfer is over.
class Exchange {
 public:
  Exchange(CURL* easy, const HttpRequest& request, const Route& route);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange();

  /// Makes the handle ready. `credentials` are added to the request's headers. With
  /// `fresh_connection` none that exists is used. A `rejected` error for what HTTP cannot carry.
  Result<Done> prepare(const HttpHeaders& credentials, bool fresh_connection);

  /// The answer, or what the end of the transfer means.
  Result<HttpResponse> finish(CURLcode code);

  [[nodiscard]] const HttpRequest& request() const { return request_; }

 private:
  friend struct CurlCallbacks;

  [[nodiscard]] bool is_streamed() const { return request_.on_body || request_.source; }
  void set_method();
  void set_timeouts();
  void take_header(std::string_view line);
  bool take_body(std::string_view piece);
  std::size_t give_body(std::span<char> piece);
  bool begin_request();
  bool is_silent(std::int64_t uploaded);
  curl_socket_t open_bridge(curl_sockaddr& address);

  [[nodiscard]] std::string words_on(CURLcode code) const;

  CURL* easy_;
  const HttpRequest& request_;
  const Route& route_;
  HeaderList headers_;
  HttpResponse response_;
  std::shared_ptr<ChannelJob> bridge_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  std::chrono::steady_clock::time_point last_move_;
  std::int64_t uploaded_ = 0;
  std::int64_t given_ = 0;  ///< bytes of the request's source
  std::optional<Error> source_error_;
  bool request_sent_ = false;
  bool repeat_refused_ = false;
  bool stopped_by_reader_ = false;
  bool fell_silent_ = false;
};

/// True for GET and HEAD: may be sent again when the answer was lost.
bool is_repeatable(const HttpRequest& request);

}  // namespace aegis::transport
