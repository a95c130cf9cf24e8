#include "kinds/docker/pull.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "kinds/docker/newer_image.h"
#include "kinds/docker/reference.h"
#include "model/image_registry.h"

namespace aegis::docker {
namespace {

// Registries and slow disks may be silent for long between two lines.
constexpr std::chrono::minutes k_silence{10};

Result<bool> is_there(const Step& step, const EngineClient& client, const std::string& image) {
  if (get(step.input, "always") == true) return false;
  const auto found = client.get("/images/" + name_in_path(image) + "/json", {404});
  if (!found) return found.error();
  const std::string digest = text_or(step.input, "digest");
  return found->status == 200 && (digest.empty() || has_digest(found->body, image, digest));
}

bool is_refusal(const Error& error) {
  const std::string words = to_lower(error.message);
  for (const std::string_view sign :
       {"unauthorized", "denied", "authentication", "no basic auth"}) {
    if (words.find(sign) != std::string::npos) return true;
  }
  return error.code == ErrorCode::unauthorized || error.code == ErrorCode::forbidden;
}

// The registry's own words, and what to do when they are about the login.
Error pull_failure(const Step& step, const std::string& image, Error error) {
  if (is_refusal(error)) {
    const std::string registry = registry_of(image);
    const bool had_login = !get(step.input, "login").is_null();
    error.message += fmt::format(
        ". {} {}",
        had_login ? fmt::format("The login for {} was sent with it and may be wrong.", registry)
                  : fmt::format("No login for {} was sent.", registry),
        fmt::format("Log in with `docker login {}` on this machine, or set `registries` of the "
                    "stack.",
                    registry));
  }
  return error.in_context("pulling " + image);
}

HttpRequest pull_request(const Step& step, const EngineClient& client, const std::string& image) {
  std::string path = "/images/create?" + pull_query(parse_reference(image));
  const std::string platform = text_or(step.input, "platform");
  if (!platform.empty()) path += "&platform=" + percent_encode(platform);
  HttpRequest request = client.request("POST", path);
  request.timeout = k_silence;
  if (const auto login = client.effects().vault.open(get(step.input, "login"))) {
    request.headers.emplace_back("X-Registry-Auth", base64url_encode(login->reveal()));
  }
  return request;
}

}  // namespace

void PullStream::add(std::string_view piece) {
  for (const Json& message : messages_.add(piece)) take(message);
}

void PullStream::take(const Json& message) {
  if (std::string error = error_in(message); !error.empty()) error_ = std::move(error);
  const std::string id = text_or(message, "id");
  const std::string status = text_or(message, "status");
  if (id.empty() || status.starts_with("Pulling from")) return;
  layers_[id] = status == "Pull complete" || status == "Already exists";
}

std::string PullStream::progress(std::string_view image) const {
  const auto complete =
      std::count_if(layers_.begin(), layers_.end(), [](const auto& layer) { return layer.second; });
  return fmt::format("pulling {}: {} of {} layers", image, complete, layers_.size());
}

Result<Json> pull_image(const Step& step, const EngineClient& client) {
  const std::string image = text_or(step.input, "image");
  const auto there = is_there(step, client, image);
  if (!there) return there.error();
  if (*there) return Json::object();
  PullStream stream;
  std::string told;
  HttpRequest request = pull_request(step, client, image);
  request.on_body = [&](std::string_view piece) {
    stream.add(piece);
    if (auto line = stream.progress(image); line != told) {
      told = std::move(line);
      client.effects().progress(told);
    }
    return true;
  };
  const auto response = client.effects().http.send(request);
  if (!response) return pull_failure(step, image, response.error());
  if (response->status != 200) {
    const auto body = parse_json(response->body);
    return pull_failure(
        step, image, error_of(response->status, body ? *body : Json(), response->body));
  }
  if (!stream.error().empty()) {
    return pull_failure(step, image, {ErrorCode::rejected, stream.error()});
  }
  return Json::object();
}

}  // namespace aegis::docker
