#include "kinds/docker/process.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <utility>

#include "kinds/docker/healthcheck.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

constexpr std::int64_t k_second = 1'000'000'000;

// The engine's merge of command and entrypoint: an entrypoint of the user's own drops the image's
// command, an empty one only drops the image's entrypoint.
std::pair<Json, Json> merged_command(const Json& spec, const Json& image) {
  const Json& own_entrypoint = get(spec, "entrypoint");
  const Json& own_command = get(spec, "command");
  Json entrypoint = own_entrypoint;
  Json command = own_command;
  if (own_entrypoint.empty()) {
    if (own_command.empty()) command = get(image, "Cmd");
    if (own_entrypoint.is_null()) entrypoint = get(image, "Entrypoint");
  }
  if (entrypoint == Json::array({""})) entrypoint = nullptr;
  return {entrypoint, command};
}

Json merged_environment(const Json& spec, const Json& image) {
  Json merged = environment_map(get(image, "Env"));
  for (const auto& [key, value] : get(spec, "environment").items()) {
    merged[key] = value.is_null() ? Json(false) : value;
  }
  return merged;
}

Json merged_labels(const Json& spec, const Json& image) {
  Json merged = declared_labels(get(image, "Labels"));
  for (const auto& [key, value] : get(spec, "labels").items()) merged[key] = value;
  return merged;
}

std::string cleaned(const std::string& folder) {
  if (folder.empty()) return folder;
  std::string clean = std::filesystem::path(folder).lexically_normal().string();
  while (clean.size() > 1 && clean.back() == '/') clean.pop_back();
  return clean;
}

std::string own_or_image(const Json& spec,
                         std::string_view key,
                         const Json& image,
                         std::string_view image_key) {
  const std::string own = text_or(spec, key);
  return own.empty() ? text_or(image, image_key) : own;
}

Json stop_signal(const std::string& name) {
  return name == "SIGTERM" || name == "TERM" || name == "15" ? Json() : Json(name);
}

}  // namespace

void wanted_process(Json& attributes, const Json& spec, const Json& image) {
  auto [entrypoint, command] = merged_command(spec, image);
  put(attributes, "entrypoint", std::move(entrypoint));
  put(attributes, "command", std::move(command));
  put(attributes, "environment", merged_environment(spec, image));
  put(attributes, "labels", merged_labels(spec, image));
  put(attributes, "user", own_or_image(spec, "user", image, "User"));
  put(attributes, "working_dir", cleaned(own_or_image(spec, "working_dir", image, "WorkingDir")));
  put(attributes,
      "stop_signal",
      stop_signal(own_or_image(spec, "stop_signal", image, "StopSignal")));
  const std::int64_t grace = integer_or_zero(get(spec, "stop_grace_period")) / k_second;
  put(attributes, "stop_grace_period", duration_text(grace * k_second));
  for (const std::string_view key : {"hostname", "domainname", "tty", "stdin_open"}) {
    put(attributes, key, get(spec, key));
  }
  put(attributes,
      "healthcheck",
      wanted_healthcheck(get(spec, "healthcheck"), get(image, "Healthcheck")));
}

void live_process(Json& attributes, const Json& config, bool hostname) {
  put(attributes, "entrypoint", get(config, "Entrypoint"));
  put(attributes, "command", get(config, "Cmd"));
  put(attributes, "environment", environment_map(get(config, "Env")));
  put(attributes, "labels", declared_labels(get(config, "Labels")));
  put(attributes, "user", get(config, "User"));
  put(attributes, "working_dir", cleaned(text_or(config, "WorkingDir")));
  put(attributes, "stop_signal", stop_signal(text_or(config, "StopSignal")));
  put(attributes,
      "stop_grace_period",
      duration_text(integer_or_zero(get(config, "StopTimeout")) * k_second));
  if (hostname) put(attributes, "hostname", get(config, "Hostname"));
  put(attributes, "domainname", get(config, "Domainname"));
  put(attributes, "tty", get(config, "Tty"));
  put(attributes, "stdin_open", get(config, "OpenStdin"));
  put(attributes, "healthcheck", live_healthcheck(get(config, "Healthcheck")));
}

void fill_process(Json& body, const Json& spec) {
  constexpr std::pair<std::string_view, std::string_view> k_same[] = {
      {"image", "Image"},
      {"command", "Cmd"},
      {"entrypoint", "Entrypoint"},
      {"user", "User"},
      {"working_dir", "WorkingDir"},
      {"hostname", "Hostname"},
      {"domainname", "Domainname"},
      {"tty", "Tty"},
      {"stdin_open", "OpenStdin"},
      {"stop_signal", "StopSignal"}};
  for (const auto& [key, engine_key] : k_same) {
    const Json& value = get(spec, key);
    if (!value.is_null()) body[std::string(engine_key)] = value;
  }
  const Json& grace = get(spec, "stop_grace_period");
  if (!grace.is_null()) body["StopTimeout"] = integer_or_zero(grace) / k_second;
  const Json& check = get(spec, "healthcheck");
  if (!check.is_null()) body["Healthcheck"] = engine_healthcheck(check);
}

Json environment_list(const Json& environment) {
  Json list = Json::array();
  for (const auto& [key, value] : environment.items()) {
    list.push_back(value.is_null() ? key : fmt::format("{}={}", key, as_text(value)));
  }
  return list;
}

Json environment_map(const Json& list) {
  Json map = Json::object();
  if (!list.is_array()) return map;
  for (const Json& entry : list) {
    const std::string text = as_text(entry);
    const auto equals = text.find('=');
    map[text.substr(0, equals)] =
        equals == std::string::npos ? Json(false) : Json(text.substr(equals + 1));
  }
  return map;
}

}  // namespace aegis::docker
