#include "kinds/docker/image_build.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/build_context.h"
#include "base/digest.h"
#include "base/text.h"

namespace aegis::docker {
namespace {

// Compilers and package managers may be silent for long.
constexpr std::chrono::minutes k_silence{30};
constexpr std::size_t k_most_lines = 20;

Result<bool> is_there(const Step& step, const EngineClient& client) {
  const auto found =
      client.get("/images/" + name_in_path(text_or(step.input, "image")) + "/json", {404});
  if (!found) return found.error();
  return found->status == 200 && is_built_from(found->body, get(step.input, "build"));
}

Result<std::vector<TarEntry>> read_context(const Json& build) {
  const std::string dockerfile = text_or(build, "dockerfile");
  auto context = read_build_context(text_or(build, "context"), dockerfile);
  if (!context) return context;
  if (context_digest(*context) == text_or(build, "context_digest")) {
    const std::string own = text_or(build, "dockerfile_inline");
    if (!own.empty()) context->push_back({.path = dockerfile, .content = own});
    return context;
  }
  return Error{ErrorCode::conflict,
               fmt::format("the files in {} have changed since they were planned; plan again",
                           text_or(build, "context"))};
}

// The engine's older builder tells what it does in plain text, but does not know everything.
bool needs_new_builder(const std::vector<TarEntry>& context, const std::string& dockerfile) {
  const auto file = std::find_if(context.begin(), context.end(), [&](const TarEntry& entry) {
    return entry.path == dockerfile;
  });
  if (file == context.end()) return false;
  for (const std::string_view sign : {"--mount=", "--link", "<<", "# syntax="}) {
    if (file->content.find(sign) != std::string::npos) return true;
  }
  return false;
}

// "&key=value" for each of `list`.
std::string repeated(std::string_view key, const Json& list) {
  std::string text;
  for (const Json& value : list) {
    text += fmt::format("&{}={}", key, percent_encode(as_text(value)));
  }
  return text;
}

Json ulimit_list(const Json& ulimits) {
  Json list = Json::array();
  for (const auto& [name, limit] : ulimits.items()) {
    list.push_back({{"Name", name}, {"Soft", get(limit, "soft")}, {"Hard", get(limit, "hard")}});
  }
  return list;
}

Json set_arguments(const Json& build) {
  Json args = Json::object();
  for (const auto& [name, value] : get(build, "args").items()) {
    if (!value.is_null()) args[name] = value;
  }
  return args;
}

std::string build_path(const Step& step, bool new_builder) {
  const Json& build = get(step.input, "build");
  std::string path = fmt::format("/build?t={}&dockerfile={}&rm=1&forcerm=1&version={}&labels={}",
                                 percent_encode(text_or(step.input, "image")),
                                 percent_encode(text_or(build, "dockerfile")),
                                 new_builder ? 2 : 1,
                                 percent_encode(dump_json(get(step.input, "labels"))));
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) path += fmt::format("&{}={}", key, percent_encode(value));
  };
  const auto add_json = [&](std::string_view key, const Json& value) {
    if (!value.empty()) add(key, dump_json(value));
  };
  add_json("buildargs", set_arguments(build));
  add_json("ulimits", ulimit_list(get(build, "ulimits")));
  add("target", text_or(build, "target"));
  add("platform", text_or(step.input, "platform"));
  add("networkmode", text_or(build, "network"));
  add("shmsize", as_text(get(build, "shm_size")));
  if (get(build, "no_cache") == true) path += "&nocache=1";
  if (get(build, "pull") == true) path += "&pull=1";
  return path + repeated("t", get(build, "tags")) +
         repeated("extrahosts", get(build, "extra_hosts"));
}

// What the registries of the images that it starts from ask for. The engine knows Docker's own by
// an older name.
std::string registry_logins(const Step& step, const Vault& vault) {
  Json logins = Json::object();
  for (const auto& [registry, seal] : get(step.input, "logins").items()) {
    const auto login = vault.open(seal);
    const auto parsed = login ? parse_json(login->reveal()) : parse_json("");
    if (!parsed) continue;
    logins[registry == "docker.io" ? "https://index.docker.io/v1/" : registry] = *parsed;
  }
  return logins.empty() ? "" : base64url_encode(dump_json(logins));
}

Error build_failure(std::string message, const BuildStream& stream) {
  const std::string lines = stream.last_lines();
  if (!lines.empty()) message += "; its last lines:\n" + lines;
  return {ErrorCode::rejected, std::move(message)};
}

}  // namespace

bool is_built_from(const Json& inspect, const Json& build) {
  const std::string digest = text_or(build, "digest");
  return !digest.empty() && text_or(get(get(inspect, "Config"), "Labels"), k_build_label) == digest;
}

void BuildStream::add(std::string_view piece) {
  for (const Json& message : messages_.add(piece)) take(message);
}

void BuildStream::take(const Json& message) {
  if (error_.empty()) error_ = error_in(message);
  line_ += text_or(message, "stream");
  std::size_t end = 0;
  while ((end = line_.find('\n')) != std::string::npos) {
    const std::string line(trim(std::string_view(line_).substr(0, end)));
    line_.erase(0, end + 1);
    if (line.empty()) continue;
    if (line.starts_with("Step ")) step_ = line;
    lines_.push_back(line);
    if (lines_.size() > k_most_lines) lines_.erase(lines_.begin());
  }
}

std::string BuildStream::last_lines() const {
  std::string text = join(lines_, "\n");
  if (const auto rest = trim(line_); !rest.empty()) text += fmt::format("\n{}", rest);
  return text;
}

Result<Json> build_image(const Step& step, const EngineClient& client) {
  const std::string image = text_or(step.input, "image");
  const auto there = is_there(step, client);
  if (!there) return there.error();
  if (*there) return Json::object();
  const auto context = read_context(get(step.input, "build"));
  if (!context) return context.error();
  const bool new_builder =
      needs_new_builder(*context, text_or(get(step.input, "build"), "dockerfile"));
  BuildStream stream;
  std::string told;
  HttpRequest request = client.request("POST", build_path(step, new_builder));
  request.content_type = "application/x-tar";
  request.body = write_tar(*context);
  request.timeout = k_silence;
  if (std::string logins = registry_logins(step, client.effects().vault); !logins.empty()) {
    request.headers.emplace_back("X-Registry-Config", std::move(logins));
  }
  request.on_body = [&](std::string_view piece) {
    stream.add(piece);
    if (stream.step() != told) {
      told = stream.step();
      client.effects().progress(fmt::format("building {}: {}", image, told));
    }
    return true;
  };
  const auto response = client.effects().http.send(request);
  if (!response) return response.error().in_context("building " + image);
  if (response->status != 200) {
    const auto body = parse_json(response->body);
    return error_of(response->status, body ? *body : Json(), response->body)
        .in_context("building " + image);
  }
  if (!stream.error().empty()) {
    return build_failure(stream.error(), stream).in_context("building " + image);
  }
  return Json::object();
}

}  // namespace aegis::docker
