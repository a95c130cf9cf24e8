#pragma once

#include <span>
#include <vector>

#include "effects/http.h"
#include "effects/shell.h"

namespace aegis {

/// A transport that lets GET requests through and answers every other one with a `forbidden` error
/// without sending it. What observes the world holds no other transport, so it cannot write.
class ReadOnlyHttp : public HttpTransport {
 public:
  /// `inner` must outlive this object.
  explicit ReadOnlyHttp(HttpTransport& inner) : inner_(inner) {}

  Result<HttpResponse> send(const HttpRequest& request) override;

  /// Refused requests get their error; the others are still one wave.
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

 private:
  HttpTransport& inner_;
};

/// A shell that runs commands marked `reads_only` and refuses every other one (`forbidden`).
class ReadOnlyShell : public RemoteShell {
 public:
  /// `inner` must outlive this object.
  explicit ReadOnlyShell(RemoteShell& inner) : inner_(inner) {}

  Result<ShellOutput> run(const ShellCommand& command) override;

 private:
  RemoteShell& inner_;
};

}  // namespace aegis
