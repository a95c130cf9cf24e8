#include "kinds/docker/container_create.h"

#include <fmt/format.h>

#include <string>

#include "base/text.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/process.h"
#include "kinds/docker/service_state.h"

namespace aegis::docker {
namespace {

// From here on a create request may name all networks; before, it takes one.
constexpr ApiVersion k_many_networks{1, 44};

// The environment joins the request only here, where its seals are opened.
Json request_body(const Step& step, const EngineClient& client) {
  const Vault& vault = client.effects().vault;
  Json body = vault.reveal_all(get(step.input, "body"));
  const Json environment = vault.reveal_all(get(step.input, "environment"));
  if (!environment.empty()) body["Env"] = environment_list(environment);
  if (client.api() >= k_many_networks && body.contains("MacAddress")) {
    body["NetworkingConfig"]["EndpointsConfig"]["bridge"]["MacAddress"] = body["MacAddress"];
    body.erase("MacAddress");
  }
  bool first = true;
  for (const Json& attachment : get(step.input, "attachments")) {
    Json endpoint = get(attachment, "settings");
    if (client.api() < k_many_networks) {
      if (!first) break;
      if (endpoint.contains("MacAddress")) body["MacAddress"] = endpoint["MacAddress"];
      endpoint.erase("MacAddress");
    }
    body["NetworkingConfig"]["EndpointsConfig"][text_or(attachment, "network")] = endpoint;
    first = false;
  }
  return body;
}

Result<Done> attach_the_rest(const Step& step, const EngineClient& client, const std::string& id) {
  if (client.api() >= k_many_networks) return Done{};
  bool first = true;
  for (const Json& attachment : get(step.input, "attachments")) {
    if (first) {
      first = false;
      continue;
    }
    const std::string network = text_or(attachment, "network");
    const auto attached =
        client.post(fmt::format("/networks/{}/connect", name_in_path(network)),
                    {{"Container", id}, {"EndpointConfig", get(attachment, "settings")}});
    if (!attached) return attached.error().in_context("attaching to network " + network);
  }
  return Done{};
}

// Removes what an earlier attempt made under the name, if that is safe: it has never run, or only
// beside the container that is in service.
Result<Done> clear_name(const Step& step, const EngineClient& client, const std::string& name) {
  const auto found = client.get("/containers/" + name_in_path(name) + "/json", {404});
  if (!found) return found.error();
  if (found->status == 404) return Done{};
  const Json& labels = get(get(found->body, "Config"), "Labels");
  const std::string id = text_or(found->body, "Id");
  const bool is_ours = text_or(labels, k_stack_label) == text_or(step.input, "stack");
  const bool never_ran = text_or(get(found->body, "State"), "Status") == "created";
  if (!is_ours || !(never_ran || is_passing_name(name)) || id == text_or(step.input, "old")) {
    return Error{ErrorCode::conflict,
                 fmt::format("the name {} is taken by another container; plan again", name)};
  }
  const auto removed = client.remove("/containers/" + id + "?force=true&v=true", {404});
  if (!removed) return removed.error();
  return Done{};
}

}  // namespace

Result<Json> create_container(const Step& step, const EngineClient& client) {
  const std::string name = text_or(step.input, "name");
  std::string path = "/containers/create?name=" + percent_encode(name);
  const std::string platform = text_or(step.input, "platform");
  if (!platform.empty()) path += "&platform=" + percent_encode(platform);
  auto made = client.post(path, request_body(step, client), {409}, step.timeout);
  if (made && made->status == 409) {
    const auto cleared = clear_name(step, client, name);
    if (!cleared) return cleared.error();
    made = client.post(path, request_body(step, client), {}, step.timeout);
  }
  if (!made) return made.error();
  for (const Json& warning : get(made->body, "Warnings")) {
    client.effects().progress(as_text(warning));
  }
  const std::string id = text_or(made->body, "Id");
  const auto attached = attach_the_rest(step, client, id);
  if (!attached) return attached.error();
  return Json{{"id", id}};
}

Result<Json> discard_candidate(const Step& step, const EngineClient& client) {
  for (const std::string_view key : {"name", "final_name"}) {
    const std::string name = text_or(step.input, key);
    const auto found = client.get("/containers/" + name_in_path(name) + "/json", {404});
    if (!found) return found.error();
    const std::string id = text_or(found->body, "Id");
    const Json& labels = get(get(found->body, "Config"), "Labels");
    const bool is_ours = text_or(labels, k_stack_label) == text_or(step.input, "stack");
    if (found->status == 404 || !is_ours || id == text_or(step.input, "old")) continue;
    // Volumes carried over have names and stay; only the candidate's own anonymous ones go.
    const auto removed = client.remove("/containers/" + id + "?force=true&v=true", {404});
    if (!removed) return removed.error();
  }
  return Json::object();
}

}  // namespace aegis::docker
