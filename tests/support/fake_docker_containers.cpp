#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/tar.h"
#include "base/text.h"
#include "kinds/docker/reference.h"
#include "support/fake_docker.h"
#include "support/fake_docker_answers.h"

namespace aegis::test {
namespace {

constexpr std::size_t k_short_id = 12;

std::string name_of(const Json& container) {
  return text_or(container, "Name").substr(1);
}

bool is_running(const Json& container) {
  return text_or(get(container, "State"), "Status") == "running";
}

bool has_labels(const Json& labels, const Json& asked) {
  return std::all_of(asked.begin(), asked.end(), [&](const Json& label) {
    const std::string text = as_text(label);
    const auto equals = text.find('=');
    const Json& value = get(labels, text.substr(0, equals));
    return !value.is_null() && (equals == std::string::npos || value == text.substr(equals + 1));
  });
}

bool is_on_network(const Json& container, const Json& asked) {
  for (const auto& [name, endpoint] : get(get(container, "NetworkSettings"), "Networks").items()) {
    for (const Json& network : asked) {
      if (network == name || network == get(endpoint, "NetworkID")) return true;
    }
  }
  return asked.empty();
}

// The engine's merge of a request with the image's configuration.
Json merged_config(const Json& body, const Json& image, const std::string& id) {
  Json config = body;
  for (const char* other : {"HostConfig", "NetworkingConfig"}) config.erase(other);
  if (text_or(config, "Hostname").empty()) config["Hostname"] = id.substr(0, k_short_id);
  for (const std::string key : {"User", "WorkingDir", "StopSignal"}) {
    if (text_or(config, key).empty()) config[key] = text_or(image, key);
    if (key == "StopSignal" && text_or(config, key).empty()) config.erase(key);
  }
  if (get(config, "Entrypoint").empty()) {
    if (get(config, "Cmd").empty()) config["Cmd"] = get(image, "Cmd");
    if (get(config, "Entrypoint").is_null()) config["Entrypoint"] = get(image, "Entrypoint");
  }
  for (const char* key : {"ExposedPorts", "Labels", "Volumes"}) {
    Json merged = get(image, key).is_object() ? get(image, key) : Json::object();
    if (get(config, key).is_object()) merged.update(config[key]);
    config[key] = merged;
  }
  Json environment = get(config, "Env").is_array() ? config["Env"] : Json::array();
  for (const Json& entry : get(image, "Env")) {
    const std::string key = split(as_text(entry), '=')[0];
    const bool is_set = std::any_of(environment.begin(), environment.end(), [&](const Json& own) {
      return split(as_text(own), '=')[0] == key;
    });
    if (!is_set) environment.push_back(entry);
  }
  config["Env"] = environment;
  Json check = get(image, "Healthcheck").is_object() ? get(image, "Healthcheck") : Json::object();
  if (get(config, "Healthcheck").is_object()) check.update(config["Healthcheck"]);
  if (!check.empty()) config["Healthcheck"] = check;
  return config;
}

Json stored_host_config(Json host, bool names_defaults) {
  const auto memory = as_integer(get(host, "Memory")).value_or(0);
  if (memory > 0 && as_integer(get(host, "MemorySwap")).value_or(0) == 0) {
    host["MemorySwap"] = 2 * memory;
  }
  if (text_or(host, "NetworkMode").empty())
    host["NetworkMode"] = names_defaults ? "bridge" : "default";
  if (get(host, "RestartPolicy").is_null()) {
    host["RestartPolicy"] = {{"Name", names_defaults ? "no" : ""}, {"MaximumRetryCount", 0}};
  }
  // Defaults of the engine that look as if they had been asked for.
  if (get(host, "ShmSize").is_null()) host["ShmSize"] = 67108864;
  if (get(host, "IpcMode").is_null()) host["IpcMode"] = "private";
  if (get(host, "LogConfig").is_null()) {
    host["LogConfig"] = {{"Type", "json-file"}, {"Config", Json::object()}};
  }
  return host;
}

}  // namespace

Json* FakeDocker::find_container(const std::string& reference) {
  if (const auto found = containers_.find(reference); found != containers_.end()) {
    return &found->second;
  }
  for (auto& [id, container] : containers_) {
    if (name_of(container) == reference) return &container;
  }
  return nullptr;
}

HttpResponse FakeDocker::on_containers(const Call& call) {
  if (call.path.size() == 2 && call.path[1] == "json") return list_containers(call);
  if (call.path.size() == 2 && call.path[1] == "create") return create_container(call);
  Json* container = call.path.size() > 1 ? find_container(call.path[1]) : nullptr;
  if (container == nullptr) return refused(404, "No such container: " + call.path.back());
  return on_container(call, *container);
}

HttpResponse FakeDocker::on_container(const Call& call, Json& container) {
  const std::string what = call.path.size() > 2 ? call.path[2] : "";
  if (call.method == "DELETE") return delete_container(call, container);
  if (what == "json") return told(200, container);
  if (what == "logs")
    return {200,
            "",
            {},
            std::string("\1\0\0\0\0\0\0\4"
                        "oops",
                        12)};
  if (what == "start") return start_container(container);
  if (what == "stop") return stop_container(container);
  if (what == "restart") {
    stop_container(container);
    return start_container(container);
  }
  if (what == "rename") return rename_container(call, container);
  if (what == "update") return update_container(call, container);
  if (what == "exec") return create_exec(call, container);
  if (what == "archive" && call.method == "PUT") return put_archive(call, container);
  if (what == "archive") return get_archive(call, container);
  return refused(501, "not part of the fake");
}

HttpResponse FakeDocker::list_containers(const Call& call) const {
  Json filters = Json::object();
  if (const auto text = call.query.find("filters"); text != call.query.end()) {
    if (const auto parsed = parse_json(text->second)) filters = *parsed;
  }
  Json list = Json::array();
  for (const auto& [id, container] : containers_) {
    const Json& labels = get(get(container, "Config"), "Labels");
    if (!has_labels(labels, get(filters, "label"))) continue;
    if (!is_on_network(container, get(filters, "network"))) continue;
    list.push_back({{"Id", id},
                    {"Names", {text_or(container, "Name")}},
                    {"Image", text_or(get(container, "Config"), "Image")},
                    {"ImageID", text_or(container, "Image")},
                    {"Created", get(container, "CreatedSeconds")},
                    {"Labels", labels},
                    {"Mounts", get(container, "Mounts")},
                    {"State", get(get(container, "State"), "Status")}});
  }
  return told(200, list);
}

HttpResponse FakeDocker::create_container(const Call& call) {
  const std::string name = call.query.at("name");
  const std::string reference = text_or(call.body, "Image");
  const auto image = images_.find(docker::canonical(reference));
  if (image == images_.end()) return refused(404, "No such image: " + reference);
  if (find_container(name) != nullptr) {
    return refused(409, "Conflict. The container name \"/" + name + "\" is already in use");
  }
  const Json& endpoints = get(get(call.body, "NetworkingConfig"), "EndpointsConfig");
  if (endpoints.size() > 1 && api_minor_ < k_many_networks) {
    return refused(400, "Container cannot be connected to network endpoints");
  }
  const std::string id = new_id();
  Json container = {
      {"Id", id},
      {"Name", "/" + name},
      {"Image", get(image->second, "Id")},
      {"CreatedSeconds", ++count_},
      {"Created", new_time()},
      {"RestartCount", 0},
      {"Config", merged_config(call.body, get(image->second, "Config"), id)},
      {"HostConfig",
       stored_host_config(get(call.body, "HostConfig"), api_minor_ >= k_plain_aliases)},
      {"State", {{"Status", "created"}, {"Running", false}, {"ExitCode", 0}, {"StartedAt", ""}}},
      {"Mounts", Json::array()},
      {"NetworkSettings", {{"Networks", Json::object()}}}};
  for (const char* key : {"NetworkMode", "PidMode", "IpcMode"}) {
    constexpr std::string_view k_other = "container:";
    const std::string shared = text_or(container["HostConfig"], key);
    if (!shared.starts_with(k_other)) continue;
    const Json* other = find_container(shared.substr(k_other.size()));
    if (other == nullptr) return refused(404, "No such container: " + shared);
    container["HostConfig"][key] = std::string(k_other) + text_or(*other, "Id");
  }
  std::string mode = text_or(container["HostConfig"], "NetworkMode");
  if (mode == "default") mode = "bridge";
  Json& networks = container["NetworkSettings"]["Networks"];
  if (!mode.starts_with("container:")) networks[mode] = attached(get(endpoints, mode), id);
  for (const auto& [name, asked] : endpoints.items()) networks[name] = attached(asked, id);
  mount(container, get(image->second, "Config"));
  containers_[id] = container;
  return told(201, {{"Id", id}, {"Warnings", Json::array()}});
}

void FakeDocker::add_mount(Json& container,
                           const std::string& volume,
                           const std::string& target,
                           bool named) {
  if (!volumes_.contains(volume)) {
    volumes_[volume] = {
        {"Name", volume}, {"Driver", "local"}, {"Labels", nullptr}, {"Options", nullptr}};
  }
  container["Mounts"].push_back({{"Type", "volume"},
                                 {"Name", volume},
                                 {"Source", "/var/lib/docker/volumes/" + volume},
                                 {"Destination", target},
                                 {"Mode", "z"},
                                 {"RW", true},
                                 {"NamedByRequest", named}});
}

void FakeDocker::mount(Json& container, const Json& image) {
  Json taken = Json::object();
  for (const Json& bind : get(container["HostConfig"], "Binds")) {
    const auto pieces = split(as_text(bind), ':');
    const std::string mode = pieces.size() > 2 ? pieces[2] : "";
    taken[pieces[1]] = true;
    if (!pieces[0].starts_with('/')) {
      add_mount(container, pieces[0], pieces[1], true);
      if (!mode.empty()) container["Mounts"].back()["Mode"] = mode;
      container["Mounts"].back()["RW"] = !mode.starts_with("ro");
      continue;
    }
    container["Mounts"].push_back({{"Type", "bind"},
                                   {"Source", pieces[0]},
                                   {"Destination", pieces[1]},
                                   {"Mode", mode},
                                   {"RW", !mode.starts_with("ro")},
                                   {"Propagation", "rprivate"}});
  }
  for (const Json& source : get(container["HostConfig"], "VolumesFrom")) {
    const Json* other = find_container(split(as_text(source), ':')[0]);
    if (other == nullptr) continue;
    for (const Json& mounted : get(*other, "Mounts")) container["Mounts"].push_back(mounted);
  }
  for (const Json& asked : get(container["HostConfig"], "Mounts")) {
    const std::string target = text_or(asked, "Target");
    taken[target] = true;
    if (text_or(asked, "Type") == "volume") add_mount(container, new_id(), target, false);
  }
  for (const auto& [target, nothing] : get(image, "Volumes").items()) {
    if (!taken.contains(target)) add_mount(container, new_id(), target, false);
  }
}

bool FakeDocker::takes_port_of_another(const Json& container) const {
  const Json& wanted = get(get(container, "HostConfig"), "PortBindings");
  if (wanted.empty()) return false;
  for (const auto& [id, other] : containers_) {
    if (!is_running(other)) continue;
    for (const auto& [port, bindings] : get(get(other, "HostConfig"), "PortBindings").items()) {
      for (const auto& [own_port, own] : wanted.items()) {
        if (own == bindings) return true;
      }
    }
  }
  return false;
}

HttpResponse FakeDocker::start_container(Json& container) {
  if (is_running(container)) return silent(304);
  for (auto& [name, endpoint] : container["NetworkSettings"]["Networks"].items()) {
    const Json* network = find_network(name);
    if (network == nullptr) return refused(404, "network " + name + " not found");
    endpoint["NetworkID"] = get(*network, "Id");
  }
  if (takes_port_of_another(container)) {
    return refused(500, "driver failed: port is already allocated");
  }
  Json& state = container["State"];
  const Json& command = get(container["Config"], "Cmd");
  const bool ends = command == Json::array({"true"}) || command == Json::array({"false"});
  state = {{"Status", ends ? "exited" : "running"},
           {"Running", !ends},
           {"ExitCode", command == Json::array({"false"}) ? 1 : 0},
           {"StartedAt", new_time()}};
  const Json& test = get(get(container["Config"], "Healthcheck"), "Test");
  if (ends || !test.is_array() || test[0] == "NONE") return silent(204);
  state["Health"] = {
      {"Status", dump_json(test).find("false") == std::string::npos ? "healthy" : "unhealthy"}};
  return silent(204);
}

HttpResponse FakeDocker::stop_container(Json& container) {
  if (!is_running(container)) return silent(304);
  container["State"]["Status"] = "exited";
  container["State"]["Running"] = false;
  container["State"]["ExitCode"] = 143;
  return silent(204);
}

HttpResponse FakeDocker::create_exec(const Call& call, const Json& container) {
  if (!is_running(container)) return refused(409, "Container is not running");
  const std::string id = new_id();
  execs_[id] = call.body;
  ran_.push_back(fmt::format("{}: {}", name_of(container), dump_json(get(call.body, "Cmd"))));
  return told(201, {{"Id", id}});
}

HttpResponse FakeDocker::on_exec(const Call& call) const {
  const auto found = execs_.find(call.path.size() > 1 ? call.path[1] : "");
  if (found == execs_.end()) return refused(404, "No such exec instance");
  const bool fails = get(found->second, "Cmd").at(0) == "false";
  if (call.path.back() == "json") return told(200, {{"ExitCode", fails ? 1 : 0}});
  return {200,
          "",
          {},
          std::string("\1\0\0\0\0\0\0\4"
                      "oops",
                      12)};
}

std::vector<std::string> FakeDocker::ran() const {
  const std::lock_guard guard(mutex_);
  return ran_;
}

HttpResponse FakeDocker::rename_container(const Call& call, Json& container) {
  const std::string name = call.query.at("name");
  if (name == name_of(container)) {
    return refused(400, "Renaming a container with the same name as its current name");
  }
  if (find_container(name) != nullptr) return refused(409, "name is already in use");
  container["Name"] = "/" + name;
  return silent(204);
}

HttpResponse FakeDocker::update_container(const Call& call, Json& container) {
  Json& host = container["HostConfig"];
  const auto memory = as_integer(get(call.body, "Memory")).value_or(0);
  const auto swap = as_integer(get(call.body, "MemorySwap")).value_or(0);
  if (memory > 0 && swap == 0 && memory > as_integer(get(host, "MemorySwap")).value_or(0)) {
    return refused(409, "Memory limit should be smaller than already set memoryswap limit");
  }
  for (const auto& [key, value] : call.body.items()) {
    // 0 leaves a limit as it is.
    if (value != 0 && value != "") host[key] = value;
  }
  return told(200, {{"Warnings", Json::array()}});
}

HttpResponse FakeDocker::delete_container(const Call& call, Json& container) {
  const auto asks = [&](const char* key) {
    const auto found = call.query.find(key);
    return found != call.query.end() && (found->second == "1" || found->second == "true");
  };
  if (is_running(container) && !asks("force")) {
    return refused(409, "You cannot remove a running container");
  }
  if (asks("v")) {
    for (const Json& mounted : get(container, "Mounts")) {
      if (get(mounted, "NamedByRequest") == false) volumes_.erase(text_or(mounted, "Name"));
    }
  }
  files_.erase(text_or(container, "Id"));
  containers_.erase(text_or(container, "Id"));
  return silent(204);
}

HttpResponse FakeDocker::put_archive(const Call& call, const Json& container) {
  const std::string folder = call.query.at("path");
  const bool in_volume =
      std::any_of(container["Mounts"].begin(), container["Mounts"].end(), [&](const Json& mounted) {
        return get(mounted, "Destination") == folder && get(mounted, "RW") == true;
      });
  if (get(container["HostConfig"], "ReadonlyRootfs") == true && !in_volume) {
    return refused(500, "container rootfs is marked read-only");
  }
  const auto entries = read_tar(call.raw);
  if (!entries) return refused(400, entries.error().message);
  for (const TarEntry& entry : *entries) {
    files_[text_or(container, "Id")][(folder == "/" ? "" : folder) + "/" + entry.path] = {
        {"content", entry.content}, {"mode", entry.mode}, {"uid", entry.uid}, {"gid", entry.gid}};
  }
  return silent(200);
}

HttpResponse FakeDocker::get_archive(const Call& call, const Json& container) const {
  const std::string path = call.query.at("path");
  const auto files = files_.find(text_or(container, "Id"));
  const Json& file = files == files_.end() ? Json() : get(files->second, path);
  if (file.is_null()) return refused(404, "Could not find the file " + path);
  TarEntry entry;
  entry.path = path.substr(path.rfind('/') + 1);
  entry.content = text_or(file, "content");
  entry.mode = get(file, "mode");
  entry.uid = get(file, "uid");
  entry.gid = get(file, "gid");
  return {200, "", {{"content-type", "application/x-tar"}}, write_tar({&entry, 1})};
}

}  // namespace aegis::test
