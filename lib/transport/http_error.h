#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/result.h"
#include "transport/channel_job.h"
#include "transport/tls_trust.h"

namespace aegis::transport {

/// What is known about an exchange that brought no whole answer.
struct FailedExchange {
  CURLcode code = CURLE_OK;
  std::string detail;                  ///< the library's words, may be empty
  std::string host;                    ///< of the URL
  std::chrono::milliseconds timeout;   ///< the caller's
  bool request_sent = false;           ///< at least begun: the far side may have acted on it
  bool answer_begun = false;           ///< its first byte has come
  bool stopped_by_reader = false;      ///< on_body returned false
  bool fell_silent = false;            ///< nothing moved for `timeout`
  std::shared_ptr<TlsTrust> tls;       ///< of an https endpoint
  std::shared_ptr<ChannelJob> bridge;  ///< the channel that was opened for it, if any
};

/// The error that it means: see HttpTransport.
Error http_error(const FailedExchange& exchange);

}  // namespace aegis::transport
