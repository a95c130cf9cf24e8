#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "effects/http.h"

namespace aegis {

/// A transport whose answers are told by the test, by "METHOD endpoint/path" (the query belongs to
/// the path). A request without an answer gets status 501 and fails the test when the transport
/// goes. Thread-safe.
class ScriptedHttp : public HttpTransport {
 public:
  using Answer = std::function<Result<HttpResponse>(const HttpRequest&)>;

  ~ScriptedHttp() override {
    for (const std::string& call : unexpected_) FAIL_CHECK("unexpected request: " << call);
  }

  /// Answers `call`; the last one told for it counts.
  void on(const std::string& call, Answer answer) {
    const std::lock_guard guard(mutex_);
    answers_[call] = std::move(answer);
  }

  void on(const std::string& call, int status, std::string body) {
    on(call, [status, body](const HttpRequest&) { return HttpResponse{status, {}, {}, body}; });
  }

  /// Answers what nothing else was told for.
  void on_others(Answer answer) {
    const std::lock_guard guard(mutex_);
    others_ = std::move(answer);
  }

  Result<HttpResponse> send(const HttpRequest& request) override {
    Answer answer;
    {
      const std::lock_guard guard(mutex_);
      const std::string call = name_of(request);
      calls_.push_back(call);
      const auto told = answers_.find(call);
      answer = told == answers_.end() ? others_ : told->second;
      if (!answer) unexpected_.push_back(call);
    }
    // Outside the lock, so that an answer may take its time while others are given.
    return answer ? answer(request) : HttpResponse{501, "not told what to answer", {}, {}};
  }

  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override {
    {
      const std::lock_guard guard(mutex_);
      waves_.push_back(requests.size());
    }
    std::vector<Result<HttpResponse>> responses;
    for (const HttpRequest& request : requests) responses.push_back(send(request));
    return responses;
  }

  /// Every request so far, in the order of arrival.
  std::vector<std::string> calls() const {
    const std::lock_guard guard(mutex_);
    return calls_;
  }

  /// The number of requests in each send_all.
  std::vector<std::size_t> waves() const {
    const std::lock_guard guard(mutex_);
    return waves_;
  }

  static std::string name_of(const HttpRequest& request) {
    return request.method + " " + request.endpoint + request.path;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  Answer others_;
  std::vector<std::string> calls_;
  std::vector<std::size_t> waves_;
  std::vector<std::string> unexpected_;
};

}  // namespace aegis
