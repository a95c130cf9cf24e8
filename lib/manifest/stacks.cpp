#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.h"
#include "manifest/compose/stack.h"
#include "manifest/guests.h"
#include "manifest/references.h"
#include "manifest/registry_logins.h"
#include "manifest/section_reader.h"
#include "manifest/yaml_scalar.h"
#include "model/image_registry.h"

namespace aegis {
namespace {

std::vector<std::string> one_or_many(const YamlNode* node) {
  if (node == nullptr) return {};
  if (node->type != YamlNode::Type::sequence) return {node->text};
  std::vector<std::string> texts;
  for (const YamlNode& item : node->items) texts.push_back(item.text);
  return texts;
}

// The port behind the host, which an IPv6 address in brackets holds colons too.
std::optional<SshConnection> parse_host(std::string_view text) {
  SshConnection ssh;
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t colon = text.find(':', bracket);
  ssh.host = bracket == 0 ? text.substr(0, colon) : text.substr(1, bracket - 1);
  const bool has_junk = bracket != 0 && bracket + 1 < text.size() && colon != bracket + 1;
  if (ssh.host.empty() || has_junk) return std::nullopt;
  if (colon == std::string_view::npos) return ssh;
  const auto port = as_integer(Json(std::string(text.substr(colon + 1))));
  if (!port || *port < 1 || *port > 65535) return std::nullopt;
  ssh.port = static_cast<int>(*port);
  return ssh;
}

std::optional<Engine> parse_docker_url(std::string_view url) {
  constexpr std::string_view k_unix = "unix://";
  constexpr std::string_view k_ssh = "ssh://";
  if (url.starts_with(k_unix)) {
    url.remove_prefix(k_unix.size());
    if (!url.starts_with('/')) return std::nullopt;
    return UnixEngine{std::string(url)};
  }
  if (!url.starts_with(k_ssh)) return std::nullopt;
  url.remove_prefix(k_ssh.size());
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.find('/') != std::string_view::npos) return std::nullopt;
  const std::size_t at = url.find('@');
  auto ssh = parse_host(at == std::string_view::npos ? url : url.substr(at + 1));
  if (!ssh) return std::nullopt;
  if (at != std::string_view::npos) ssh->user = url.substr(0, at);
  return SshEngine{std::move(*ssh)};
}

class StackReader {
 public:
  StackReader(const YamlNode::Member& member, Reading& reading)
      : name_(member.key), node_(*member.value), where_(member.key_where), reading_(reading) {
    scope_.name = "stack/" + name_;
    scope_.where = where_;
  }

  void read() {
    const auto engine = read_engine();
    if (!engine) return;
    scope_.settings["endpoint"] = engine_endpoint(*engine);
    reading_.manifests.connections.engines.emplace(engine_endpoint(*engine), *engine);
    Diagnostics diagnostics;
    StackResources stack = load_stack(input(), reading_.environment, reading_.vault, diagnostics);
    for (Diagnostic& diagnostic : diagnostics) {
      if (diagnostic.where) name_from_project(diagnostic.where->file);
      if (diagnostic.related) name_from_project(diagnostic.related->file);
      reading_.manifests.diagnostics.push_back(std::move(diagnostic));
    }
    scope_.settings.update(stack.settings);
    if (reading_.stack_models)
      reading_.manifests.stack_models.emplace(name_, std::move(stack.model));
    add_logins(stack);
    for (Resource& resource : stack.resources) {
      name_from_project(resource.where.file);
      for (auto& [path, where] : resource.places) name_from_project(where.file);
      reading_.manifests.desired.resources.emplace(resource.address, std::move(resource));
    }
    for (auto& [file, text] : stack.sources) {
      reading_.manifests.sources.emplace(name_from_project(file), std::move(text));
    }
    reading_.manifests.desired.scopes.emplace(scope_.name, scope_);
  }

 private:
  // Only of the registries that the stack's images come from: a helper may ask for a password.
  void add_logins(const StackResources& stack) {
    std::set<std::string> registries;
    for (const Resource& resource : stack.resources) {
      const std::string image = text_or(resource.spec, "image");
      const bool is_pulled =
          get(resource.spec, "build").is_null() && text_or(resource.spec, "pull_policy") != "never";
      if (!image.empty() && is_pulled) {
        registries.insert(registry_of(image));
      }
      for (const Json& volume : get(resource.spec, "volumes")) {
        if (text_or(volume, "type") == "image")
          registries.insert(registry_of(text_or(volume, "source")));
      }
      for (const Json& base : get(get(resource.spec, "build"), "base_images")) {
        registries.insert(registry_of(as_text(base)));
      }
    }
    Json logins = registry_logins(registries, node_.find("registries"), where_, reading_);
    if (!logins.empty()) scope_.settings["registries"] = std::move(logins);
  }

  // Places are told relative to the project, so that a plan is the same wherever it is checked out.
  void name_from_project(SharedText& file) {
    if (file != renamed_from_) {
      renamed_to_ = name_from_project(file.str());
      renamed_from_ = file;
    }
    file = renamed_to_;
  }

  [[nodiscard]] std::string name_from_project(const std::string& file) const {
    const std::string prefix = project_folder().string() + "/";
    return file.starts_with(prefix) ? file.substr(prefix.size()) : file;
  }

  [[nodiscard]] std::filesystem::path project_folder() const {
    std::error_code ignored;
    auto folder = std::filesystem::absolute(reading_.folder, ignored).lexically_normal();
    return folder.has_filename() ? folder : folder.parent_path();
  }

  std::optional<Engine> read_engine() {
    std::vector<std::string> given;
    for (const std::string key : {"container", "server", "docker"}) {
      if (node_.find(key) != nullptr) given.push_back(key);
    }
    if (given.size() != 1) {
      reading_.error(where_,
                     "a stack without one engine",
                     fmt::format("stacks.{} needs one of `container`, `server` and `docker`{}.",
                                 name_,
                                 given.empty() ? "" : ", and has " + list_words(given)));
      return std::nullopt;
    }
    const YamlNode& value = *node_.find(given.front());
    if (given.front() == "docker") return other_engine(value);
    return given.front() == "server" ? server_engine(value) : guest_engine(value);
  }

  std::optional<Engine> other_engine(const YamlNode& value) {
    auto engine = parse_docker_url(value.text);
    if (!engine) {
      reading_.error(value.where,
                     "not an address of an engine",
                     "It is unix:///path/to/socket or ssh://user@host[:port].");
    }
    return engine;
  }

  std::optional<Engine> server_engine(const YamlNode& value) {
    const auto& servers = reading_.manifests.connections.servers;
    const auto server = servers.find(value.text);
    if (server == servers.end()) {
      std::vector<std::string> names;
      for (const auto& [name, known] : servers) names.push_back(name);
      reading_.unknown("servers", value.text, names, value.where);
      return std::nullopt;
    }
    if (!require_ssh(server->second, value.where)) return std::nullopt;
    return ServerEngine{value.text};
  }

  std::optional<Engine> guest_engine(const YamlNode& value) {
    const Resource* container = find_container(value.text, value.where, reading_);
    if (container == nullptr) return std::nullopt;
    const std::string server = text_or(container->spec, "server");
    if (!require_ssh(reading_.manifests.connections.servers.at(server), value.where))
      return std::nullopt;
    const auto vmid = as_integer(get(container->spec, "vmid")).value_or(0);
    const Json& host = reading_.manifests.desired.scopes.at(container->scope).settings;
    scope_.settings["guest"] = {{"endpoint", host.at("endpoint")},
                                {"node", host.at("node")},
                                {"vmid", vmid},
                                {"address", to_string(container->address)}};
    depends_on_ = {container->address};
    return GuestEngine{server, vmid};
  }

  bool require_ssh(const Server& server, const SourceSpan& where) {
    if (server.ssh) return true;
    reading_.error(
        where,
        "an engine that cannot be reached",
        fmt::format("The Docker engine there is reached over SSH, and servers.{} has no `ssh`.",
                    server.name));
    return false;
  }

  StackInput input() const {
    StackInput input;
    input.stack_name = name_;
    input.with_model = reading_.stack_models;
    const YamlNode* project = node_.find("project");
    input.project = project == nullptr ? to_lower(name_) : project->text;
    // Paths in a Compose file are relative to the first file's folder, as Compose has it.
    const std::filesystem::path folder = project_folder();
    const auto files = one_or_many(node_.find("compose"));
    input.folder = (folder / files.front()).lexically_normal().parent_path();
    for (const std::string& file : files) {
      input.files.push_back((folder / file).lexically_normal().lexically_relative(input.folder));
    }
    for (const std::string& file : one_or_many(node_.find("env_file"))) {
      input.env_files.push_back((folder / file).lexically_normal().string());
    }
    input.profiles = one_or_many(node_.find("profiles"));
    const YamlNode* environment = node_.find("environment");
    if (environment != nullptr) {
      for (const YamlNode::Member& variable : environment->members) add_variable(input, variable);
    }
    input.depends_on = depends_on_;
    input.where = where_;
    const YamlNode* orchestrator = node_.find("orchestrator");
    input.for_swarm = orchestrator != nullptr && orchestrator->text == "swarm";
    return input;
  }

  static void add_variable(StackInput& input, const YamlNode::Member& variable) {
    input.environment[variable.key] = variable.value->text;
    if (is_secret(*variable.value)) input.secret_variables.insert(variable.key);
    if (is_from_outside(*variable.value)) input.outside_variables.insert(variable.key);
  }

  const std::string& name_;
  const YamlNode& node_;
  const SourceSpan& where_;
  Reading& reading_;
  Scope scope_;
  std::vector<Address> depends_on_;
  // Nearly all places are in the same file.
  SharedText renamed_from_;
  SharedText renamed_to_;
};

void check_projects(Reading& reading) {
  std::map<std::pair<std::string, std::string>, const Scope*> projects;
  for (const auto& [name, scope] : reading.manifests.desired.scopes) {
    if (!name.starts_with("stack/")) continue;
    const auto [first, is_new] = projects.try_emplace(
        {text_or(scope.settings, "endpoint"), text_or(scope.settings, "project")}, &scope);
    if (is_new) continue;
    reading.error(
        scope.where,
        "one project twice on one engine",
        fmt::format(
            "The Compose project `{}` belongs to another stack on the same engine. Set `project`.",
            text_or(scope.settings, "project")),
        first->second->where);
  }
}

}  // namespace

void read_stacks(const YamlNode& section, Reading& reading) {
  for (const YamlNode::Member& member : section.members) StackReader(member, reading).read();
  check_projects(reading);
}

}  // namespace aegis
