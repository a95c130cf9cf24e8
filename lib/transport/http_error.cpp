#include "transport/http_error.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/units.h"

namespace aegis::transport {
namespace {

std::string words_of(const FailedExchange& exchange) {
  return exchange.detail.empty() ? curl_easy_strerror(exchange.code) : exchange.detail;
}

// A channel that failed, or a program that ended before it said a byte: the request did not get
// through, whatever the library believes to have sent into the bridge.
std::optional<Error> bridge_failure(const FailedExchange& exchange) {
  if (!exchange.bridge || exchange.answer_begun) return std::nullopt;
  const std::optional<ChannelEnd> end = exchange.bridge->ended();
  if (!end || end->received > 0) return std::nullopt;
  if (end->failure && end->failure->code != ErrorCode::interrupted) return *end->failure;
  if (!end->exit_status || *end->exit_status == 0) return std::nullopt;
  const std::string_view said = trim(end->err);
  return Error{ErrorCode::unreachable,
               said.empty() ? fmt::format("the program that leads there ended with status {}",
                                          *end->exit_status)
                            : std::string(said)};
}

std::optional<Error> certificate_failure(const FailedExchange& exchange) {
  const bool in_tls =
      exchange.code == CURLE_PEER_FAILED_VERIFICATION || exchange.code == CURLE_SSL_CONNECT_ERROR;
  if (!exchange.tls || !in_tls) return std::nullopt;
  std::string why = exchange.tls->refusal();
  if (why.empty() && exchange.code == CURLE_PEER_FAILED_VERIFICATION) {
    why = exchange.tls->wrong_name(exchange.host);
  }
  if (why.empty()) return std::nullopt;
  return Error{ErrorCode::unauthorized, why};
}

}  // namespace

Error http_error(const FailedExchange& exchange) {
  if (exchange.stopped_by_reader) return {ErrorCode::interrupted, "the reader ended the exchange"};
  if (const auto error = bridge_failure(exchange)) return *error;
  if (const auto error = certificate_failure(exchange)) return *error;
  const std::string timeout = format_duration(exchange.timeout);
  if (exchange.fell_silent) {
    return {ErrorCode::timed_out, fmt::format("nothing was heard for {}", timeout)};
  }
  if (exchange.code == CURLE_URL_MALFORMAT) {
    return {ErrorCode::rejected, "the request's path is not percent-encoded"};
  }
  if (!exchange.request_sent) {
    return {ErrorCode::unreachable, fmt::format("no connection: {}", words_of(exchange))};
  }
  if (exchange.code == CURLE_OPERATION_TIMEDOUT) {
    return {ErrorCode::timed_out, fmt::format("no answer within {}", timeout)};
  }
  return {ErrorCode::outcome_unknown,
          fmt::format("the request was sent and its answer was lost: {}", words_of(exchange))};
}

}  // namespace aegis::transport
