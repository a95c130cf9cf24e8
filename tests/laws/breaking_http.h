#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

#include "effects/http.h"
#include "laws/laws.h"

namespace aegis::laws {

/// A transport that breaks at its k-th write, in the way told. Thread-safe.
class BreakingHttp : public HttpTransport {
 public:
  /// Never breaks: for counting.
  explicit BreakingHttp(HttpTransport& inner) : inner_(inner) {}
  /// Breaks at write number `k`, from 1.
  BreakingHttp(HttpTransport& inner, Break how, std::size_t k, std::stop_source& stop)
      : inner_(inner), how_(how), k_(k), stop_(&stop) {}

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

  /// Writes that were attempted so far.
  [[nodiscard]] std::size_t writes() const;

 private:
  HttpTransport& inner_;
  const Break how_ = Break::refuse;
  const std::size_t k_ = 0;
  std::stop_source* const stop_ = nullptr;
  mutable std::mutex mutex_;
  std::size_t writes_ = 0;
  bool is_down_ = false;
};

}  // namespace aegis::laws
