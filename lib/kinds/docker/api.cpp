#include "kinds/docker/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace aegis::docker {
namespace {

// Inspect keeps stable shapes, and the configured MAC address, up to here.
constexpr ApiVersion k_ceiling{1, 51};

ErrorCode code_of(int status) {
  switch (status) {
    case 401:
      return ErrorCode::unauthorized;
    case 403:
      return ErrorCode::forbidden;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return ErrorCode::conflict;
    default:
      return ErrorCode::rejected;
  }
}

Json body_of(const HttpResponse& response) {
  auto parsed = parse_json(response.body);
  return parsed ? std::move(*parsed) : Json();
}

}  // namespace

std::string to_string(ApiVersion version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

std::optional<ApiVersion> parse_api_version(std::string_view text) {
  const auto pieces = split(text, '.');
  if (pieces.size() != 2) return std::nullopt;
  const auto major = as_integer(Json(pieces[0]));
  const auto minor = as_integer(Json(pieces[1]));
  if (!major || !minor || *major < 0 || *minor < 0 || *major > 99 || *minor > 999) {
    return std::nullopt;
  }
  return ApiVersion{static_cast<int>(*major), static_cast<int>(*minor)};
}

Result<ApiVersion> negotiate(const Json& body) {
  const auto newest = parse_api_version(text_or(body, "ApiVersion"));
  if (!newest) {
    return Error{ErrorCode::rejected, "the answer to GET /version is not a Docker engine's"};
  }
  const auto oldest = parse_api_version(text_or(body, "MinAPIVersion"));
  if (oldest && *oldest > k_ceiling) {
    return Error{ErrorCode::rejected,
                 fmt::format("the engine speaks API {} and newer, this program up to {}",
                             to_string(*oldest),
                             to_string(k_ceiling))};
  }
  return std::min(*newest, k_ceiling);
}

std::string versioned(ApiVersion version, std::string_view path) {
  return fmt::format("/v{}{}", to_string(version), path);
}

std::string name_in_path(std::string_view name) {
  std::string encoded;
  for (const char letter : name) {
    if (letter == '/' || letter == ':' || letter == '@') {
      encoded += letter;
    } else {
      encoded += percent_encode(std::string_view(&letter, 1));
    }
  }
  return encoded;
}

Error error_of(int status, const Json& body, std::string_view text) {
  std::string words = text_or(body, "message");
  if (words.empty()) words = std::string(trim(text));
  if (words.empty()) words = "no explanation";
  return {code_of(status), fmt::format("{} (Docker answered {})", words, status)};
}

Result<EngineClient> EngineClient::open(const Step& step, Effects& effects) {
  const std::string endpoint = text_or(step.input, "endpoint");
  if (const auto api = parse_api_version(text_or(step.input, "api"))) {
    return EngineClient(effects, endpoint, *api);
  }
  HttpRequest request;
  request.endpoint = endpoint;
  request.path = "/version";
  const auto response = effects.http.send(request);
  if (!response) return response.error();
  const Json body = body_of(*response);
  if (response->status != 200) return error_of(response->status, body, response->body);
  const auto api = negotiate(body);
  if (!api) return api.error();
  return EngineClient(effects, endpoint, *api);
}

HttpRequest EngineClient::request(std::string_view method, std::string_view path) const {
  HttpRequest request;
  request.endpoint = endpoint_;
  request.method = method;
  request.path = versioned(api_, path);
  return request;
}

Result<Answer> EngineClient::call(const HttpRequest& request,
                                  std::initializer_list<int> also_fine) const {
  const auto response = effects_.http.send(request);
  if (!response) return response.error();
  Answer answer{response->status, body_of(*response)};
  const bool fine = (answer.status >= 200 && answer.status < 300) ||
                    std::find(also_fine.begin(), also_fine.end(), answer.status) != also_fine.end();
  if (!fine) return error_of(answer.status, answer.body, response->body);
  return answer;
}

Result<Answer> EngineClient::get(std::string_view path,
                                 std::initializer_list<int> also_fine) const {
  return call(request("GET", path), also_fine);
}

Result<Answer> EngineClient::post(std::string_view path,
                                  const Json& body,
                                  std::initializer_list<int> also_fine,
                                  std::chrono::milliseconds timeout) const {
  HttpRequest post = request("POST", path);
  post.timeout = timeout;
  if (!body.is_null()) {
    post.content_type = "application/json";
    post.body = dump_json(body);
  }
  return call(post, also_fine);
}

Result<Answer> EngineClient::remove(std::string_view path,
                                    std::initializer_list<int> also_fine) const {
  HttpRequest request = this->request("DELETE", path);
  request.timeout = std::chrono::seconds{60};
  return call(request, also_fine);
}

}  // namespace aegis::docker
