#include "engine/read_only.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace aegis {
namespace {

std::optional<Error> refusal(const HttpRequest& request) {
  if (request.method == "GET") return std::nullopt;
  // The query may carry values, so only the path itself is named.
  const std::string path = request.path.substr(0, request.path.find('?'));
  return Error{ErrorCode::forbidden,
               fmt::format("{} {} was not sent to {}: only GET requests are allowed while reading",
                           request.method,
                           path,
                           request.endpoint)};
}

}  // namespace

Result<HttpResponse> ReadOnlyHttp::send(const HttpRequest& request) {
  if (const auto refused = refusal(request)) return *refused;
  return inner_.send(request);
}

std::vector<Result<HttpResponse>> ReadOnlyHttp::send_all(std::span<const HttpRequest> requests) {
  std::vector<HttpRequest> allowed;
  std::vector<std::optional<Error>> refusals;
  for (const HttpRequest& request : requests) refusals.push_back(refusal(request));
  const bool all_allowed =
      std::none_of(refusals.begin(), refusals.end(), [](const auto& r) { return r.has_value(); });
  if (all_allowed) return inner_.send_all(requests);

  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!refusals[i]) allowed.push_back(requests[i]);
  }
  std::vector<Result<HttpResponse>> answers = inner_.send_all(allowed);
  std::vector<Result<HttpResponse>> results;
  auto answer = answers.begin();
  for (const auto& refused : refusals) {
    if (refused) {
      results.emplace_back(*refused);
    } else {
      results.push_back(std::move(*answer++));
    }
  }
  return results;
}

Result<ShellOutput> ReadOnlyShell::run(const ShellCommand& command) {
  if (command.reads_only) return inner_.run(command);
  return Error{
      ErrorCode::forbidden,
      fmt::format("a command was not run on {}: only commands that read are allowed while reading",
                  command.host)};
}

}  // namespace aegis
