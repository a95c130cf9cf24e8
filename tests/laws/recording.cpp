#include "laws/recording.h"

#include <catch2/catch.hpp>

#include "base/digest.h"

namespace aegis::test {
namespace {

std::string name_of(const HttpRequest& request) {
  return request.endpoint + " " + request.path;
}

std::string name_of(const ShellCommand& command) {
  return command.host + " " + sha256_hex(command.input).substr(0, 12);
}

}  // namespace

Result<HttpResponse> RecordingHttp::send(const HttpRequest& request) {
  auto response = inner_.send(request);
  if (response && request.method == "GET") {
    const auto body = parse_json(response->body);
    recording_[name_of(request)] = {{"status", response->status},
                                    {"reason", response->reason},
                                    {"body", body ? *body : Json(response->body)}};
  }
  return response;
}

std::vector<Result<HttpResponse>> RecordingHttp::send_all(std::span<const HttpRequest> requests) {
  std::vector<Result<HttpResponse>> responses;
  for (const HttpRequest& request : requests) responses.push_back(send(request));
  return responses;
}

Result<HttpResponse> ReplayedHttp::send(const HttpRequest& request) {
  const Json& answer = get(recording_, name_of(request));
  if (answer.is_null()) {
    FAIL_CHECK("live.json has no answer for " << name_of(request));
    return Error{ErrorCode::unreachable, "not recorded"};
  }
  HttpResponse response;
  response.status = answer.at("status").get<int>();
  response.reason = answer.at("reason").get<std::string>();
  const Json& body = answer.at("body");
  response.body = body.is_string() ? body.get<std::string>() : dump_json(body);
  return response;
}

std::vector<Result<HttpResponse>> ReplayedHttp::send_all(std::span<const HttpRequest> requests) {
  std::vector<Result<HttpResponse>> responses;
  for (const HttpRequest& request : requests) responses.push_back(send(request));
  return responses;
}

Result<ShellOutput> RecordingShell::run(const ShellCommand& command) {
  auto output = inner_.run(command);
  if (output && command.reads_only) {
    recording_[name_of(command)] = {{"exit_status", output->exit_status}, {"out", output->out}};
  }
  return output;
}

Result<ShellOutput> ReplayedShell::run(const ShellCommand& command) {
  const Json& answer = get(recording_, name_of(command));
  if (answer.is_null()) {
    FAIL_CHECK("live.json has no answer for " << name_of(command) << ":\n" << command.input);
    return Error{ErrorCode::unreachable, "not recorded"};
  }
  return ShellOutput{answer.at("exit_status").get<int>(), answer.at("out").get<std::string>(), {}};
}

}  // namespace aegis::test
