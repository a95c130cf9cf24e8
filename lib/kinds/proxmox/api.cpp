#include "kinds/proxmox/api.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

// A call that does its work itself is cut off by Proxmox's own proxy after 30 s; ours comes later,
// so that its 596 is seen.
constexpr std::chrono::seconds k_call_timeout{60};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

ErrorCode code_of(int status, std::string_view message) {
  switch (status) {
    case 401:
      return ErrorCode::unauthorized;
    case 403:
      return ErrorCode::forbidden;
    case 404:
      return ErrorCode::not_found;
    case 595:
      return ErrorCode::unreachable;
    case 596:
    case 597:
    case 599:
      return ErrorCode::outcome_unknown;
    default:
      break;
  }
  // Everything else that is missing or taken is a 500 with a text.
  constexpr std::array<std::string_view, 6> k_conflicts{"already exists",
                                                        "file change by other user",
                                                        "is locked (",
                                                        "detected modified configuration",
                                                        "can't lock file",
                                                        "got timeout"};
  const bool conflict = std::any_of(k_conflicts.begin(),
                                    k_conflicts.end(),
                                    [&](std::string_view text) { return contains(message, text); });
  if (conflict) return ErrorCode::conflict;
  return contains(message, "does not exist") ? ErrorCode::not_found : ErrorCode::rejected;
}

// "memory: value must have a minimum value of 16; cores: ...".
std::string parameter_errors(const Json& body) {
  const Json& errors = get(body, "errors");
  if (!errors.is_object()) return {};
  std::vector<std::string> texts;
  for (const auto& [name, text] : errors.items()) {
    texts.push_back(fmt::format("{}: {}", name, trim(as_text(text))));
  }
  return join(texts, "; ");
}

}  // namespace

std::string encode_form(const Form& form) {
  std::string text;
  for (const auto& [name, value] : form) {
    if (!text.empty()) text += '&';
    text += percent_encode(name) + "=" + percent_encode(value);
  }
  return text;
}

std::string api_path(std::string_view path) {
  return fmt::format("/api2/json{}", path);
}

std::string storage_path(std::string_view node, std::string_view storage, std::string_view rest) {
  return api_path(
      fmt::format("/nodes/{}/storage/{}{}", percent_encode(node), percent_encode(storage), rest));
}

Error error_of(int status, std::string_view reason, const Json& body, std::string_view text) {
  std::string message(trim(text_or(body, "message")));
  if (message.empty()) message = trim(reason);
  if (message.empty()) message = trim(text.substr(0, 200));
  const std::string details = parameter_errors(body);
  if (!details.empty()) message += (message.empty() ? "" : " ") + details;
  if (message.empty()) message = "no text";
  return {code_of(status, message), fmt::format("Proxmox answered {}: {}", status, message)};
}

std::string lock_in(const Error& error) {
  constexpr std::string_view k_start = "is locked (";
  const std::size_t start = error.message.find(k_start);
  if (start == std::string::npos) return {};
  const std::size_t name = start + k_start.size();
  return error.message.substr(name, error.message.find(')', name) - name);
}

bool is_busy(const Error& error) {
  return !lock_in(error).empty() || contains(error.message, "can't lock file") ||
         contains(error.message, "got timeout") || contains(error.message, "got lock request");
}

bool may_begin_again(const Error& error) {
  return error.code == ErrorCode::outcome_unknown || is_busy(error);
}

bool is_missing_guest(const Error& error) {
  return error.code == ErrorCode::not_found && contains(error.message, "Configuration file") &&
         contains(error.message, "does not exist");
}

Result<Json> ApiClient::get(const std::string& path) const {
  HttpRequest request;
  request.path = path;
  return call(std::move(request));
}

Result<Json> ApiClient::get_whole(const std::string& path) const {
  HttpRequest request;
  request.path = path;
  return call_whole(std::move(request));
}

Result<Json> ApiClient::post(const std::string& path, const Form& form, bool as_root) const {
  return write("POST", path, form, as_root);
}

Result<Json> ApiClient::put(const std::string& path, const Form& form, bool as_root) const {
  return write("PUT", path, form, as_root);
}

Result<Json> ApiClient::remove(const std::string& path, const Form& query) const {
  HttpRequest request;
  request.method = "DELETE";
  request.path = query.empty() ? path : path + "?" + encode_form(query);
  return call(std::move(request));
}

Result<Json> ApiClient::write(std::string_view method,
                              const std::string& path,
                              const Form& form,
                              bool as_root) const {
  HttpRequest request;
  request.method = method;
  request.path = path;
  request.content_type = "application/x-www-form-urlencoded";
  request.body = encode_form(form);
  request.as_root = as_root;
  return call(std::move(request));
}

Result<Json> ApiClient::call(HttpRequest request) const {
  const auto body = call_whole(std::move(request));
  if (!body) return body.error();
  return aegis::get(*body, "data");
}

Result<Json> ApiClient::call_whole(HttpRequest request) const {
  request.endpoint = endpoint_;
  if (!request.source) request.timeout = k_call_timeout;
  auto response = effects_.http.send(request);
  if (!response) {
    // Our own deadline says nothing about what the host does with a write.
    const bool lost = response.error().code == ErrorCode::timed_out && request.method != "GET";
    if (lost) return Error{ErrorCode::outcome_unknown, response.error().message};
    return response.error();
  }
  const auto body = parse_json(response->body);
  const bool success = response->status >= 200 && response->status < 300;
  if (!success) {
    return error_of(
        response->status, response->reason, body ? *body : Json(), body ? "" : response->body);
  }
  if (!body) return body.error().in_context("Proxmox's answer to " + request.path);
  return *body;
}

}  // namespace aegis::proxmox
