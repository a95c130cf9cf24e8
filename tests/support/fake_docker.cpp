#include "support/fake_docker.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/digest.h"
#include "base/tar.h"
#include "base/text.h"
#include "kinds/docker/reference.h"
#include "model/image_registry.h"
#include "support/fake_docker_answers.h"

namespace aegis::test {
namespace {

// A registry knows an image by another digest than the engine.
std::string registry_digest(const std::string& id) {
  return "sha256:" + sha256_hex("manifest of " + id);
}

Json image_of(const std::string& reference, const Json& config, const std::string& id) {
  Json merged = {{"Env", {"PATH=/bin"}}, {"Cmd", nullptr}, {"Entrypoint", nullptr}};
  merged.update(config);
  return {{"Id", "sha256:" + id},
          {"RepoTags", {reference}},
          {"RepoDigests", Json::array()},
          {"Os", "linux"},
          {"Architecture", "amd64"},
          {"Config", merged}};
}

void drop_empty(Json& object) {
  for (auto member = object.begin(); member != object.end();) {
    member = member->is_null() || member->empty() ? object.erase(member) : std::next(member);
  }
}

// Without what differs between two equal makings.
Json container_essence(const Json& container) {
  Json networks = Json::object();
  for (const auto& [name, endpoint] : get(get(container, "NetworkSettings"), "Networks").items()) {
    Json aliases = Json::array();
    for (const Json& alias : get(endpoint, "Aliases")) {
      if (as_text(alias) != text_or(container, "Id").substr(0, 12)) aliases.push_back(alias);
    }
    networks[name] = aliases;
  }
  Json config = get(container, "Config");
  if (text_or(config, "Hostname") == text_or(container, "Id").substr(0, 12)) {
    config.erase("Hostname");
  }
  // Volumes that are carried over have made names.
  Json host = get(container, "HostConfig");
  if (host.contains("Binds")) {
    for (Json& bind : host["Binds"]) {
      const std::string text = as_text(bind);
      if (text.find(':') == 64) bind = "anonymous" + text.substr(64);
    }
  }
  for (const char* key : {"NetworkMode", "PidMode", "IpcMode"}) {
    if (text_or(host, key).starts_with("container:")) host[key] = "container:other";
  }
  return {{"config", config},
          {"host", host},
          {"networks", networks},
          {"status", get(get(container, "State"), "Status")}};
}

}  // namespace

FakeDocker::FakeDocker(std::string endpoint, int api_minor)
    : endpoint_(std::move(endpoint)), api_minor_(api_minor) {
  for (const std::string name : {"bridge", "host", "none"}) {
    const std::string id = new_id();
    networks_[id] = {{"Id", id},
                     {"Name", name},
                     {"Driver", name == "none" ? "null" : name},
                     {"Labels", Json::object()},
                     {"Options", Json::object()},
                     {"IPAM", {{"Driver", "default"}, {"Config", Json::array()}}},
                     {"Internal", false},
                     {"Attachable", false},
                     {"EnableIPv6", false}};
  }
}

void FakeDocker::add_image(const std::string& reference, const Json& config) {
  const std::lock_guard guard(mutex_);
  name_image(reference, image_of(reference, config, new_id()));
}

Json FakeDocker::tags_of(const std::string& id) const {
  Json tags = Json::array();
  for (const auto& [name, image] : images_) {
    if (name != id && text_or(image, "Id") == id) tags.push_back(get(image, "RepoTags").at(0));
  }
  return tags;
}

// What had the name before stays, without one.
void FakeDocker::name_image(const std::string& reference, const Json& image) {
  const std::string name = docker::canonical(reference);
  const Json before = images_.contains(name) ? images_.at(name) : Json();
  images_[name] = image;
  images_.erase(text_or(image, "Id"));
  const std::string id = text_or(before, "Id");
  if (!id.empty() && id != text_or(image, "Id") && tags_of(id).empty()) images_[id] = before;
}

HttpResponse FakeDocker::delete_image(const std::string& reference) {
  const bool by_id = reference.starts_with("sha256:");
  const std::string name = by_id ? reference : docker::canonical(reference);
  const auto found = std::find_if(images_.begin(), images_.end(), [&](const auto& entry) {
    return entry.first == name || (by_id && text_or(entry.second, "Id") == name);
  });
  if (found == images_.end()) return refused(404, "No such image: " + reference);
  const std::string id = text_or(found->second, "Id");
  const std::size_t tags = tags_of(id).size();
  if (by_id && tags > 1) return refused(409, "image is referenced in multiple repositories");
  const bool is_last = tags < 2;
  for (const auto& [container, inspect] : containers_) {
    if (is_last && text_or(inspect, "Image") == id) {
      return refused(409, "container " + container + " is using its referenced image");
    }
  }
  images_.erase(found);
  return told(200, Json::array());
}

void FakeDocker::publish_image(const std::string& reference,
                               const Json& config,
                               const std::string& tagged) {
  const std::lock_guard guard(mutex_);
  const std::string id = new_id();
  Json image = image_of(reference, config, id);
  image["Metadata"]["LastTagTime"] = tagged;
  image["RepoDigests"] = {reference.substr(0, reference.rfind(':')) + "@" + registry_digest(id)};
  registry_[docker::canonical(reference)] = std::move(image);
}

FakeDocker::Call FakeDocker::read_call(const HttpRequest& request) {
  Call call;
  call.method = request.method;
  const auto question = request.path.find('?');
  for (const std::string& piece : split_any(request.path.substr(0, question), "/")) {
    const bool is_version = call.path.empty() && piece.starts_with("v1.");
    if (!is_version) call.path.push_back(percent_decode(piece));
  }
  if (question != std::string::npos) {
    for (const std::string& pair : split_any(request.path.substr(question + 1), "&")) {
      const auto equals = pair.find('=');
      std::string& value = call.query[pair.substr(0, equals)];
      if (!value.empty()) value += ',';
      if (equals != std::string::npos) value += percent_decode(pair.substr(equals + 1));
    }
  }
  if (const auto body = parse_json(request.body)) {
    call.body = *body;
  } else {
    call.raw = request.body;
  }
  for (const auto& [name, value] : request.headers) {
    if (name == "X-Registry-Auth") call.login = value;
    if (name == "X-Registry-Config") call.logins = value;
  }
  return call;
}

Result<HttpResponse> FakeDocker::send(const HttpRequest& request) {
  if (request.endpoint != endpoint_) {
    return Error{ErrorCode::rejected, "no endpoint called " + request.endpoint};
  }
  const Call call = read_call(request);
  const std::lock_guard guard(mutex_);
  const std::string name = fmt::format("{} /{}", call.method, join(call.path, "/"));
  if (call.method != "GET") writes_.push_back(name);
  HttpResponse response = answer(call);
  if (response.status == 501) unknown_.push_back(name);
  if (request.on_body && response.status < 300) {
    request.on_body(response.body);
    response.body.clear();
  }
  return response;
}

std::vector<Result<HttpResponse>> FakeDocker::send_all(std::span<const HttpRequest> requests) {
  std::vector<Result<HttpResponse>> responses;
  for (const HttpRequest& request : requests) responses.push_back(send(request));
  return responses;
}

HttpResponse FakeDocker::answer(const Call& call) {
  const std::string area = call.path.empty() ? "" : call.path[0];
  if (area == "version") {
    return told(200,
                {{"ApiVersion", fmt::format("1.{}", api_minor_)},
                 {"MinAPIVersion", api_minor_ < k_many_networks ? "1.12" : "1.24"}});
  }
  if (area == "containers") return on_containers(call);
  if (area == "networks") return on_networks(call);
  if (area == "volumes") return on_volumes(call);
  if (area == "images") return on_images(call);
  if (area == "exec") return on_exec(call);
  if (area == "build") return build(call);
  if (area == "distribution") return on_distribution(call);
  if (area == "info") {
    return told(200,
                {{"SystemTime", "2026-02-01T00:00:00.5Z"},
                 {"Swarm",
                  {{"LocalNodeState", is_manager_ ? "active" : "inactive"},
                   {"ControlAvailable", is_manager_}}}});
  }
  if (area == "services" || area == "tasks" || area == "configs" || area == "secrets") {
    return on_swarm(call);
  }
  return refused(501, "not part of the fake");
}

void FakeDocker::protect(const std::string& registry,
                         const std::string& user,
                         const std::string& password) {
  const std::lock_guard guard(mutex_);
  const Json login = {{"username", user}, {"password", password}, {"serveraddress", registry}};
  logins_[registry] = base64url_encode(dump_json(login));
}

bool FakeDocker::may_read(const Call& call, const std::string& image) const {
  const auto login = logins_.find(registry_of(image));
  return login == logins_.end() || login->second == call.login;
}

HttpResponse FakeDocker::pull(const Call& call) {
  const std::string tag = call.query.at("tag");
  const std::string separator = tag.starts_with("sha256:") ? "@" : ":";
  const std::string name = docker::canonical(call.query.at("fromImage") + separator + tag);
  if (!may_read(call, name)) return refused(500, "Head " + name + ": no basic auth credentials");
  const auto found = registry_.find(name);
  if (found == registry_.end()) return refused(404, "manifest for " + name + " not found");
  name_image(as_text(get(found->second, "RepoTags").at(0)), found->second);
  return {200,
          "",
          {},
          "{\"status\":\"Pulling from x\",\"id\":\"latest\"}\r\n{\"status\":\"Done\"}\r\n"};
}

HttpResponse FakeDocker::build(const Call& call) {
  const auto context = read_tar(call.raw);
  if (!context) return refused(400, context.error().message);
  const auto file = std::find_if(context->begin(), context->end(), [&](const TarEntry& entry) {
    return entry.path == call.query.at("dockerfile");
  });
  if (file == context->end()) return refused(400, "Cannot locate specified Dockerfile");
  if (file->content.find("fail") != std::string::npos) {
    return {200,
            "",
            {},
            "{\"stream\":\"Step 1/1 : RUN fail\\n\"}\r\n{\"stream\":\"no such thing\\n\"}\r\n"
            "{\"errorDetail\":{\"message\":\"returned a non-zero code: 7\"}}\r\n"};
  }
  Json labels = *parse_json(call.query.at("labels"));
  labels["dockerfile"] = file->content;
  for (const auto& [key, value] : call.query) {
    if (key != "labels") labels["query." + key] = value;
  }
  labels["logins"] = call.logins;
  const std::string id = new_id();
  for (const std::string& name : split(call.query.at("t"), ',')) {
    name_image(name, image_of(name, {{"Labels", labels}}, id));
  }
  return {200, "", {}, "{\"stream\":\"Step 1/1 : FROM scratch\\n\"}\r\n"};
}

HttpResponse FakeDocker::on_distribution(const Call& call) const {
  const std::vector<std::string> pieces(call.path.begin() + 1, call.path.end() - 1);
  const std::string name = docker::canonical(join(pieces, "/"));
  if (!may_read(call, name)) return refused(401, "unauthorized: authentication required");
  const auto found = registry_.find(name);
  if (found == registry_.end()) return refused(404, "manifest unknown: manifest unknown");
  const std::string known = as_text(get(found->second, "RepoDigests").at(0));
  return told(200,
              {{"Descriptor", {{"digest", known.substr(known.find('@') + 1)}}},
               {"Platforms", Json::array({Json{{"architecture", "amd64"}, {"os", "linux"}}})}});
}

HttpResponse FakeDocker::on_images(const Call& call) {
  if (call.method == "POST" && call.path.back() == "create") return pull(call);
  if (call.method == "DELETE") {
    return delete_image(
        join(std::vector<std::string>(call.path.begin() + 1, call.path.end()), "/"));
  }
  if (call.method != "GET" || call.path.size() < 3) return refused(501, "not part of the fake");
  const std::vector<std::string> pieces(call.path.begin() + 1, call.path.end() - 1);
  const std::string reference = join(pieces, "/");
  for (const auto& [name, image] : images_) {
    if (name == docker::canonical(reference) || text_or(image, "Id") == reference) {
      Json answer = image;
      answer["RepoTags"] = tags_of(text_or(image, "Id"));
      if (api_minor_ >= k_terse_images) drop_empty(answer["Config"]);
      return told(200, answer);
    }
  }
  return refused(404, "No such image: " + reference);
}

std::vector<std::string> FakeDocker::images() const {
  const std::lock_guard guard(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, image] : images_) {
    names.push_back(name == text_or(image, "Id") ? "untagged" : name);
  }
  return names;
}

Json FakeDocker::essence() const {
  const std::lock_guard guard(mutex_);
  Json all = {
      {"containers", Json::object()}, {"networks", Json::object()}, {"volumes", Json::object()}};
  for (const auto& [id, container] : containers_) {
    const std::string name = text_or(container, "Name").substr(1);
    all["containers"][name] = container_essence(container);
    if (files_.contains(id)) all["containers"][name]["files"] = files_.at(id);
  }
  for (const auto& [id, network] : networks_) {
    Json kept = network;
    kept.erase("Id");
    all["networks"][text_or(network, "Name")] = kept;
  }
  int anonymous = 0;
  for (const auto& [name, volume] : volumes_) {
    const bool generated = name.size() == 64;
    if (generated) {
      all["volumes"]["anonymous"] = ++anonymous;
    } else {
      all["volumes"][name] = get(volume, "Labels");
    }
  }
  if (is_manager_) all.update(swarm_essence());
  return all;
}

Json FakeDocker::file(const std::string& container, const std::string& path) const {
  const std::lock_guard guard(mutex_);
  for (const auto& [id, files] : files_) {
    if (text_or(containers_.at(id), "Name") == "/" + container) return get(files, path);
  }
  return nullptr;
}

void FakeDocker::write_file(const std::string& container,
                            const std::string& path,
                            const std::string& text) {
  const std::lock_guard guard(mutex_);
  const Json* found = find_container(container);
  files_[text_or(*found, "Id")][path] = {{"content", text}, {"mode", 0644}, {"uid", 0}, {"gid", 0}};
}

std::vector<std::string> FakeDocker::writes() const {
  const std::lock_guard guard(mutex_);
  return writes_;
}

std::vector<std::string> FakeDocker::unknown_calls() const {
  const std::lock_guard guard(mutex_);
  return unknown_;
}

std::string FakeDocker::new_id() {
  return sha256_hex(std::to_string(++count_));
}

std::string FakeDocker::new_time() {
  return fmt::format("2026-01-31T02:30:00.{:09}Z", ++count_);
}

}  // namespace aegis::test
