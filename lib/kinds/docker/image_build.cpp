#include "kinds/docker/image_build.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/build_context.h"
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
  auto context = read_build_context(text_or(build, "context"), text_or(build, "dockerfile"));
  if (!context) return context;
  if (context_digest(*context) == text_or(build, "context_digest")) return context;
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

std::string build_path(const Step& step, bool new_builder) {
  const Json& build = get(step.input, "build");
  std::string path = fmt::format("/build?t={}&dockerfile={}&rm=1&forcerm=1&version={}&labels={}",
                                 percent_encode(text_or(step.input, "image")),
                                 percent_encode(text_or(build, "dockerfile")),
                                 new_builder ? 2 : 1,
                                 percent_encode(dump_json(get(step.input, "labels"))));
  Json args = Json::object();
  for (const auto& [name, value] : get(build, "args").items()) {
    if (!value.is_null()) args[name] = value;
  }
  if (!args.empty()) path += "&buildargs=" + percent_encode(dump_json(args));
  for (const auto& [key, value] :
       {std::pair<std::string_view, std::string>{"target", text_or(build, "target")},
        std::pair<std::string_view, std::string>{"platform", text_or(step.input, "platform")}}) {
    if (!value.empty()) path += fmt::format("&{}={}", key, percent_encode(value));
  }
  return path;
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
