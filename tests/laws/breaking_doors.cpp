#include "laws/breaking_doors.h"

namespace aegis::laws {
namespace {

// Does `call` unless it is refused; what came of it, or the error in its place.
template <class Answer, class Call>
Result<Answer> judged(BreakPoint::Verdict verdict, const Call& call) {
  if (verdict == BreakPoint::Verdict::refuse) {
    return Error{ErrorCode::unreachable, "connection refused"};
  }
  Result<Answer> answer = call();
  if (verdict == BreakPoint::Verdict::pass) return answer;
  return Error{ErrorCode::outcome_unknown, "the connection broke before the answer came"};
}

}  // namespace

BreakPoint::Verdict BreakPoint::judge(bool is_write) {
  const std::lock_guard guard(mutex_);
  if (is_down_) return Verdict::refuse;
  if (!is_write || ++writes_ != k_) return Verdict::pass;
  is_down_ = how_ == Break::hang_up_before || how_ == Break::hang_up_after;
  switch (how_) {
    case Break::refuse:
    case Break::hang_up_before:
      return Verdict::refuse;
    case Break::lose_answer:
    case Break::hang_up_after:
      return Verdict::lose;
    case Break::stop:
      stop_.request_stop();
      break;
  }
  return Verdict::pass;
}

std::size_t BreakPoint::writes() const {
  const std::lock_guard guard(mutex_);
  return writes_;
}

Result<HttpResponse> BreakingHttp::send(const HttpRequest& request) {
  return judged<HttpResponse>(point_.judge(request.method != "GET"),
                              [&] { return inner_.send(request); });
}

std::vector<Result<HttpResponse>> BreakingHttp::send_all(std::span<const HttpRequest> requests) {
  std::vector<Result<HttpResponse>> responses;
  for (const HttpRequest& request : requests) responses.push_back(send(request));
  return responses;
}

Result<ShellOutput> BreakingShell::run(const ShellCommand& command) {
  return judged<ShellOutput>(point_.judge(!command.reads_only),
                             [&] { return inner_.run(command); });
}

}  // namespace aegis::laws
