#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "effects/http.h"
#include "effects/shell.h"

namespace aegis::test {

/// Passes GET requests on and remembers what was answered.
class RecordingHttp : public HttpTransport {
 public:
  explicit RecordingHttp(HttpTransport& inner) : inner_(inner) {}

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

  /// {"endpoint path": {"status", "reason", "body"}}
  [[nodiscard]] Json recording() const { return recording_; }

 private:
  HttpTransport& inner_;
  Json recording_ = Json::object();
};

/// Answers from a recording; a request that is not in it fails the test.
class ReplayedHttp : public HttpTransport {
 public:
  explicit ReplayedHttp(Json recording) : recording_(std::move(recording)) {}

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

 private:
  Json recording_;
};

/// Passes commands that only read on and remembers what was answered.
class RecordingShell : public RemoteShell {
 public:
  explicit RecordingShell(RemoteShell& inner) : inner_(inner) {}

  Result<ShellOutput> run(const ShellCommand& command) override;

  /// {"host digest-of-the-script": {"exit_status", "out"}}
  [[nodiscard]] Json recording() const { return recording_; }

 private:
  RemoteShell& inner_;
  Json recording_ = Json::object();
};

/// Answers from a recording; a command that is not in it fails the test.
class ReplayedShell : public RemoteShell {
 public:
  explicit ReplayedShell(Json recording) : recording_(std::move(recording)) {}

  Result<ShellOutput> run(const ShellCommand& command) override;

 private:
  Json recording_;
};

}  // namespace aegis::test
