#include "kinds/proxmox/objects/object_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis::test {
namespace {

constexpr std::string_view k_root = "/api2/json/things";

HttpResponse success(const Json& data) {
  return {200, "OK", {}, Json{{"data", data}}.dump()};
}

HttpResponse refusal(const std::string& message) {
  return {500, message, {}, Json{{"data", nullptr}, {"message", message + "\n"}}.dump()};
}

HttpResponse missing(const std::string& name) {
  return refusal(fmt::format("thing '{}' does not exist", name));
}

}  // namespace

Json ObjectFile::form_of(const std::string& body) const {
  Json form = Json::object();
  for (const std::string& pair : split_any(body, "&")) {
    const std::size_t equals = pair.find('=');
    const std::string key = percent_decode(pair.substr(0, equals));
    const std::string value = percent_decode(pair.substr(equals + 1));
    const bool is_list = std::find(repeated_.begin(), repeated_.end(), key) != repeated_.end();
    if (is_list) {
      form[key].push_back(value);
    } else {
      form[key] = value;
    }
  }
  return form;
}

Json ObjectFile::shown(const std::string& name) const {
  Json object = objects_.at(name);
  for (const std::string& key : hidden) object.erase(key);
  object["name"] = name;
  object["digest"] = fmt::format("v{}", version_);
  return object;
}

HttpResponse ObjectFile::read(const std::string& name) {
  if (!name.empty()) return has(name) ? success(shown(name)) : missing(name);
  Json list = Json::array();
  for (const auto& [key, object] : objects_) list.push_back(shown(key));
  return success(list);
}

HttpResponse ObjectFile::change(const std::string& name, Json form) {
  if (!has(name)) return missing(name);
  const std::string digest = text_or(form, "digest", fmt::format("v{}", version_));
  if (digest != fmt::format("v{}", version_)) {
    return refusal("detected modified configuration - file changed by other user? Try again.");
  }
  const Json& removed = get(form, "delete");
  const auto keys = removed.is_array() ? removed.get<std::vector<std::string>>()
                                       : split_any(as_text(removed), ",");
  for (const std::string& key : keys) objects_[name].erase(key);
  form.erase("delete");
  form.erase("digest");
  objects_[name].update(form);
  return success(nullptr);
}

HttpResponse ObjectFile::write(const std::string& method,
                               const std::string& name,
                               const Json& form) {
  if (method == "POST") {
    const std::string made = text_or(form, "name", name);
    if (has(made)) return refusal(fmt::format("thing '{}' already exists", made));
    Json object = form;
    object.erase("name");
    objects_[made] = object;
  } else if (method == "PUT") {
    HttpResponse changed = change(name, form);
    if (changed.status != 200) return changed;
  } else {
    if (!has(name)) return missing(name);
    objects_.erase(name);
  }
  ++version_;
  return success(nullptr);
}

HttpResponse ObjectFile::answer(const HttpRequest& request) {
  if (request.path == "/api2/json/access/permissions") return success(permissions);
  if (request.path == "/api2/json/nodes") return success(nodes);
  if (!request.path.starts_with(k_root)) return {501, "not implemented", {}, "{}"};
  const std::string rest = request.path.substr(k_root.size());
  const std::string name = rest.empty() ? "" : percent_decode(rest.substr(1));
  if (request.method == "GET") return read(name);
  return write(request.method, name, form_of(request.body));
}

Result<HttpResponse> ObjectFile::send(const HttpRequest& request) {
  const std::lock_guard guard(mutex_);
  const std::string path = request.path.substr(std::string_view("/api2/json").size());
  if (request.method == "GET") {
    reads_.push_back(path);
    return answer(request);
  }
  if (before_write) {
    if (auto instead = before_write(request)) return *instead;
  }
  writes_.push_back(std::string(
      trim(fmt::format("{} {} {}", request.method, path, percent_decode(request.body)))));
  HttpResponse response = answer(request);
  if (!std::exchange(loses_answer, false)) return response;
  return Error{ErrorCode::outcome_unknown, "the answer was lost"};
}

std::vector<Result<HttpResponse>> ObjectFile::send_all(std::span<const HttpRequest> requests) {
  std::vector<Result<HttpResponse>> responses;
  for (const HttpRequest& request : requests) responses.push_back(send(request));
  return responses;
}

}  // namespace aegis::test
