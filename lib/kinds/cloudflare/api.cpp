#include "kinds/cloudflare/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"

namespace aegis::cloudflare {
namespace {

constexpr int k_page = 1000;
constexpr int k_too_many = 429;
constexpr std::chrono::seconds k_usual_wait{60};

std::string records_path(const std::string& zone_id) {
  return fmt::format("/zones/{}/dns_records", percent_encode(zone_id));
}

Query query_of(const Scope& scope, std::string path) {
  return {Query::Type::http_get,
          text_or(scope.settings, "endpoint"),
          std::move(path),
          dump_json(get(scope.settings, "token"))};
}

ErrorCode code_of(int status) {
  if (status == 401) return ErrorCode::unauthorized;
  if (status == 403) return ErrorCode::forbidden;
  return ErrorCode::rejected;
}

std::string words_of(int status, const Json& body, std::string_view text) {
  std::vector<std::string> words;
  for (const Json& error : get(body, "errors")) {
    words.push_back(fmt::format("{} ({})", text_or(error, "message"), as_text(get(error, "code"))));
  }
  if (words.empty() && !text.empty()) words.emplace_back(trim(text));
  if (status == k_too_many)
    words.insert(words.begin(), "too many calls: try again in five minutes");
  if (words.empty()) words.push_back(fmt::format("no explanation (status {})", status));
  return "Cloudflare: " + join(words, "; ");
}

Result<Json> read_body(int status, const Json& body, std::string_view text) {
  if (status >= 200 && status < 300 && get(body, "success") == true) return body;
  return Error{code_of(status), words_of(status, body, text)};
}

std::chrono::milliseconds wait_of(const HttpResponse& response) {
  for (const auto& [name, value] : response.headers) {
    const auto seconds = as_integer(Json(value));
    if (name == "retry-after" && seconds)
      return std::chrono::seconds(std::max<std::int64_t>(*seconds, 1));
  }
  return k_usual_wait;
}

}  // namespace

Query zone_query(const Scope& scope) {
  return query_of(scope, "/zones?name=" + percent_encode(text_or(scope.settings, "zone")));
}

Query records_query(const Scope& scope, const std::string& zone_id, int page) {
  return query_of(scope,
                  fmt::format("{}?per_page={}&page={}", records_path(zone_id), k_page, page));
}

Result<Json> read_answer(const Reply& reply) {
  if (reply.error) return *reply.error;
  return read_body(reply.status, reply.body, reply.text);
}

Result<Json> ZoneClient::call(const std::string& method,
                              const std::string& path,
                              const std::string& body) const {
  HttpRequest request;
  request.endpoint = text_or(step_.input, "endpoint");
  request.method = method;
  request.path = records_path(text_or(step_.input, "zone")) + path;
  if (!body.empty()) {
    request.content_type = "application/json";
    request.body = body;
  }
  const auto token = effects_.vault.open(get(step_.input, "token"));
  if (!token) return Error{ErrorCode::unauthorized, "Cloudflare: there is no token"};
  request.headers.emplace_back("Authorization", "Bearer " + std::string(token->reveal()));
  const auto limit = effects_.clock.now() + step_.timeout;
  for (;;) {
    const auto response = effects_.http.send(request);
    if (!response) return response.error();
    const auto wait = wait_of(*response);
    if (response->status != k_too_many || effects_.clock.now() + wait > limit) {
      const auto parsed = parse_json(response->body);
      return read_body(response->status, parsed ? *parsed : Json(), response->body);
    }
    effects_.progress("too many calls to Cloudflare: waiting");
    effects_.clock.sleep_for(wait);
  }
}

Result<Json> ZoneClient::records_of(const std::string& name) const {
  const auto answer =
      call("GET", fmt::format("?per_page={}&name={}", k_page, percent_encode(name)), "");
  if (!answer) return answer.error();
  Json records = Json::array();
  for (const Json& record : get(*answer, "result")) {
    if (to_lower(text_or(record, "name")) == name) records.push_back(record);
  }
  return records;
}

Result<Json> ZoneClient::change(const Json& batch) const {
  return call("POST", "/batch", dump_json(batch));
}

}  // namespace aegis::cloudflare
