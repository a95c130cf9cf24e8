#include "laws/breaking_http.h"

namespace aegis::laws {

Result<HttpResponse> BreakingHttp::send(const HttpRequest& request) {
  bool strikes = false;
  {
    const std::lock_guard guard(mutex_);
    if (is_down_) return Error{ErrorCode::unreachable, "the network is down"};
    if (request.method != "GET") strikes = ++writes_ == k_;
    if (strikes && how_ == Break::hang_up_before) is_down_ = true;
  }
  if (!strikes) return inner_.send(request);
  if (how_ == Break::refuse || how_ == Break::hang_up_before) {
    return Error{ErrorCode::unreachable, "connection refused"};
  }
  if (how_ == Break::stop) stop_->request_stop();
  auto answer = inner_.send(request);
  if (how_ == Break::stop) return answer;
  const std::lock_guard guard(mutex_);
  is_down_ = how_ == Break::hang_up_after;
  return Error{ErrorCode::outcome_unknown, "the connection broke before the answer came"};
}

std::vector<Result<HttpResponse>> BreakingHttp::send_all(std::span<const HttpRequest> requests) {
  std::vector<Result<HttpResponse>> responses;
  for (const HttpRequest& request : requests) responses.push_back(send(request));
  return responses;
}

std::size_t BreakingHttp::writes() const {
  const std::lock_guard guard(mutex_);
  return writes_;
}

}  // namespace aegis::laws
