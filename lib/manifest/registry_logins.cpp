#include "manifest/registry_logins.h"

#include <fmt/format.h>

#include <optional>

#include "base/digest.h"
#include "base/text.h"
#include "manifest/secret_source.h"
#include "model/image_registry.h"

namespace aegis {
namespace {

constexpr std::chrono::seconds k_patience{30};

// Docker's own name for its registry, in its file and towards helpers.
constexpr std::string_view k_hub = "https://index.docker.io/v1/";

std::string server_address(const std::string& registry) {
  return registry == "docker.io" ? std::string(k_hub) : registry;
}

Json login(const std::string& registry, const std::string& user, const std::string& password) {
  // Helpers mark a token by this name.
  if (user == "<token>") {
    return {{"identitytoken", password}, {"serveraddress", server_address(registry)}};
  }
  return {{"username", user}, {"password", password}, {"serveraddress", server_address(registry)}};
}

// The value whose key names the registry, in any of the spellings that are about.
const Json& entry_of(const Json& map, const std::string& registry) {
  static const Json k_null;
  if (!map.is_object()) return k_null;
  for (const auto& [key, value] : map.items()) {
    if (registry_name(key) == registry) return value;
  }
  return k_null;
}

// Docker's own file, read at the first question.
class DockerConfig {
 public:
  DockerConfig(const SourceSpan& where, Reading& reading) : where_(where), reading_(reading) {
    const auto folder = reading.environment("DOCKER_CONFIG");
    const auto home = reading.environment("HOME");
    if (!folder && !home) return;
    file_ = folder ? *folder + "/config.json" : *home + "/.docker/config.json";
    std::error_code ignored;
    if (!std::filesystem::exists(file_, ignored)) return;
    const auto text = read_value_file("/", file_, "");
    const auto parsed = text ? parse_json(*text) : Result<Json>(text.error());
    if (parsed && parsed->is_object()) {
      config_ = *parsed;
    } else {
      const std::string why = parsed ? "it is no JSON object" : parsed.error().message;
      warn("Docker's configuration cannot be read", fmt::format("{}: {}.", file_, why));
    }
  }

  std::optional<Json> find(const std::string& registry) {
    std::string helper = as_text(entry_of(get(config_, "credHelpers"), registry));
    if (helper.empty()) helper = text_or(config_, "credsStore");
    if (!helper.empty()) {
      if (auto found = ask(helper, registry)) return found;
    }
    return stored(registry);
  }

 private:
  void warn(const std::string& summary, const std::string& detail) {
    reading_.warn(
        where_,
        summary,
        fmt::format("{} Registries are asked without a login, unless the stack's `registries` has "
                    "one.",
                    detail));
  }

  std::optional<Json> stored(const std::string& registry) const {
    const Json& entry = entry_of(get(config_, "auths"), registry);
    if (const std::string token = text_or(entry, "identitytoken"); !token.empty()) {
      return login(registry, "<token>", token);
    }
    const auto pair = base64_decode(text_or(entry, "auth"));
    const std::size_t colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) return std::nullopt;
    return login(registry, pair->substr(0, colon), pair->substr(colon + 1));
  }

  // A helper that knows no login ends with an error: no more is to be told from outside.
  std::optional<Json> ask(const std::string& helper, const std::string& registry) {
    const std::string program = "docker-credential-" + helper;
    const auto told = read_command_output({program, "get"}, k_patience, server_address(registry));
    if (!told) {
      if (told.error().code != ErrorCode::rejected) {
        warn("a credential helper cannot be asked",
             fmt::format("{} names {}: {}.", file_, program, told.error().message));
      }
      return std::nullopt;
    }
    const auto parsed = parse_json(*told);
    const std::string user = parsed ? text_or(*parsed, "Username") : "";
    if (user.empty()) return std::nullopt;
    return login(registry, user, text_or(*parsed, "Secret"));
  }

  const SourceSpan& where_;
  Reading& reading_;
  std::string file_;
  Json config_ = Json::object();
};

std::optional<Json> declared_login(const YamlNode* declared, const std::string& registry) {
  if (declared == nullptr) return std::nullopt;
  for (const YamlNode::Member& entry : declared->members) {
    if (registry_name(entry.key) != registry) continue;
    return login(
        registry, entry.value->find("username")->text, entry.value->find("password")->text);
  }
  return std::nullopt;
}

}  // namespace

Json registry_logins(const std::set<std::string>& registries,
                     const YamlNode* declared,
                     const SourceSpan& where,
                     Reading& reading) {
  Json logins = Json::object();
  std::optional<DockerConfig> config;
  for (const std::string& registry : registries) {
    auto found = declared_login(declared, registry);
    if (!found) {
      if (!config) config.emplace(where, reading);
      found = config->find(registry);
    }
    if (found) logins[registry] = reading.vault.seal(dump_json(*found));
  }
  return logins;
}

}  // namespace aegis
