#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <stop_token>
#include <vector>

#include "effects/http.h"
#include "effects/shell.h"
#include "laws/laws.h"

namespace aegis::laws {

/// Breaks the k-th write of a run, through whatever door it goes, in the way told. Thread-safe.
class BreakPoint {
 public:
  BreakPoint(Break how, std::size_t k, std::stop_source& stop) : how_(how), k_(k), stop_(stop) {}

  /// What becomes of a call: it goes through, it does not, or its answer is lost.
  enum class Verdict { pass, refuse, lose };
  Verdict judge(bool is_write);

  /// Writes that were attempted so far.
  [[nodiscard]] std::size_t writes() const;

 private:
  const Break how_;
  const std::size_t k_;
  std::stop_source& stop_;
  mutable std::mutex mutex_;
  std::size_t writes_ = 0;
  bool is_down_ = false;
};

/// A transport whose writes (any request but GET) break there.
class BreakingHttp : public HttpTransport {
 public:
  BreakingHttp(HttpTransport& inner, BreakPoint& point) : inner_(inner), point_(point) {}

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

 private:
  HttpTransport& inner_;
  BreakPoint& point_;
};

/// A shell whose writes (any command that does not only read) break there.
class BreakingShell : public RemoteShell {
 public:
  BreakingShell(RemoteShell& inner, BreakPoint& point) : inner_(inner), point_(point) {}

  Result<ShellOutput> run(const ShellCommand& command) override;

 private:
  RemoteShell& inner_;
  BreakPoint& point_;
};

}  // namespace aegis::laws
