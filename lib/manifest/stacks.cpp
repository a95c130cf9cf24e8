#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "manifest/compose/stack.h"
#include "manifest/section_reader.h"
#include "manifest/yaml_scalar.h"

namespace aegis {
namespace {

std::vector<std::string> one_or_many(const YamlNode* node) {
  if (node == nullptr) return {};
  if (node->type != YamlNode::Type::sequence) return {node->text};
  std::vector<std::string> texts;
  for (const YamlNode& item : node->items) texts.push_back(item.text);
  return texts;
}

std::optional<Engine> parse_docker_url(const YamlNode& node, Reading& reading) {
  constexpr std::string_view k_unix = "unix://";
  constexpr std::string_view k_ssh = "ssh://";
  const std::string& url = node.text;
  if (url.starts_with(k_unix)) return UnixEngine{url.substr(k_unix.size())};
  SshEngine engine;
  std::string rest = url.substr(k_ssh.size());
  const std::size_t at = rest.find('@');
  if (at != std::string::npos) engine.ssh.user = rest.substr(0, at);
  if (at != std::string::npos) rest = rest.substr(at + 1);
  while (rest.ends_with('/')) rest.pop_back();
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string::npos) {
    const auto port = as_integer(Json(rest.substr(colon + 1)));
    if (!port || *port < 1 || *port > 65535) {
      reading.error(node.where,
                    "not an address of an engine",
                    "It is unix:///path/to/socket or ssh://user@host[:port].");
      return std::nullopt;
    }
    engine.ssh.port = static_cast<int>(*port);
    rest = rest.substr(0, colon);
  }
  engine.ssh.host = rest;
  return engine;
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
    StackResources stack =
        load_stack(input(), reading_.environment, reading_.vault, reading_.manifests.diagnostics);
    scope_.settings.update(stack.settings);
    for (Resource& resource : stack.resources) {
      reading_.manifests.desired.resources.emplace(resource.address, std::move(resource));
    }
    reading_.manifests.sources.merge(stack.sources);
    reading_.manifests.desired.scopes.emplace(scope_.name, scope_);
  }

 private:
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
    if (given.front() == "docker") return parse_docker_url(value, reading_);
    return given.front() == "server" ? server_engine(value) : guest_engine(value);
  }

  std::optional<Engine> server_engine(const YamlNode& value) {
    const auto& servers = reading_.manifests.connections.servers;
    const auto server = servers.find(value.text);
    if (server == servers.end()) {
      std::vector<std::string> names;
      for (const auto& [name, known] : servers) names.push_back(name);
      reading_.error(
          value.where,
          "unknown server",
          fmt::format("`servers` has no `{}`.{}", value.text, suggestion(value.text, names)));
      return std::nullopt;
    }
    if (!require_ssh(server->second, value.where)) return std::nullopt;
    return ServerEngine{value.text};
  }

  std::optional<Engine> guest_engine(const YamlNode& value) {
    const Address address{"", "container", value.text};
    const auto& resources = reading_.manifests.desired.resources;
    const auto container = resources.find(address);
    if (container == resources.end()) {
      std::vector<std::string> names;
      for (const auto& [known, resource] : resources) {
        if (known.kind == "container") names.push_back(known.name);
      }
      reading_.error(
          value.where,
          "unknown container",
          fmt::format("`containers` has no `{}`.{}", value.text, suggestion(value.text, names)));
      return std::nullopt;
    }
    const std::string server = text_or(container->second.spec, "server");
    if (!require_ssh(reading_.manifests.connections.servers.at(server), value.where))
      return std::nullopt;
    const auto vmid = as_integer(get(container->second.spec, "vmid")).value_or(0);
    const Json& host = reading_.manifests.desired.scopes.at(container->second.scope).settings;
    scope_.settings["guest"] = {{"endpoint", host.at("endpoint")},
                                {"node", host.at("node")},
                                {"vmid", vmid},
                                {"address", to_string(address)}};
    depends_on_ = {address};
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
    const YamlNode* project = node_.find("project");
    input.project = project == nullptr ? to_lower(name_) : project->text;
    // Paths in a Compose file are relative to the first file's folder, as Compose has it.
    std::error_code ignored;
    const auto project_folder =
        std::filesystem::absolute(reading_.folder, ignored).lexically_normal();
    const auto files = one_or_many(node_.find("compose"));
    input.folder = (project_folder / files.front()).lexically_normal().parent_path();
    for (const std::string& file : files) {
      input.files.push_back(
          (project_folder / file).lexically_normal().lexically_relative(input.folder));
    }
    for (const std::string& file : one_or_many(node_.find("env_file"))) {
      input.env_files.push_back((project_folder / file).lexically_normal().string());
    }
    input.profiles = one_or_many(node_.find("profiles"));
    const YamlNode* environment = node_.find("environment");
    if (environment != nullptr) {
      for (const YamlNode::Member& variable : environment->members)
        input.environment[variable.key] = variable.value->text;
    }
    input.depends_on = depends_on_;
    input.where = where_;
    return input;
  }

  const std::string& name_;
  const YamlNode& node_;
  const SourceSpan& where_;
  Reading& reading_;
  Scope scope_;
  std::vector<Address> depends_on_;
};

}  // namespace

void read_stacks(const YamlNode& section, Reading& reading) {
  for (const YamlNode::Member& member : section.members) StackReader(member, reading).read();
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

}  // namespace aegis
