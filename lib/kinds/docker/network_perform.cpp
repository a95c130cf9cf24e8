#include "kinds/docker/network_perform.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/text.h"
#include "kinds/docker/api.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/shape.h"
#include "kinds/docker/steps.h"

namespace aegis::docker {
namespace {

std::string network_path(const std::string& network, std::string_view rest = "") {
  return fmt::format("/networks/{}{}", name_in_path(network), rest);
}

// The network of exactly this name; null when there is none. Inspect would also take a prefix of an
// id for it.
Result<Json> find_by_name(const EngineClient& client, const std::string& name) {
  const auto list = client.get("/networks");
  if (!list) return list.error();
  for (const Json& network : list->body) {
    if (text_or(network, "Name") == name) return network;
  }
  return Json();
}

Result<Json> create_network(const Step& step, const EngineClient& client) {
  const Json body = client.effects().vault.reveal_all(get(step.input, "body"));
  const auto made = client.post("/networks/create", body, {409}, step.timeout);
  if (!made) return made.error();
  if (made->status != 409) return Json{{"id", text_or(made->body, "Id")}};
  const std::string name = text_or(body, "Name");
  const auto existing = find_by_name(client, name);
  if (!existing) return existing.error();
  const std::string owner = text_or(get(*existing, "Labels"), k_stack_label);
  if (!owner.empty() && owner == text_or(get(body, "Labels"), k_stack_label)) {
    return Json{{"id", text_or(*existing, "Id")}};
  }
  return Error{ErrorCode::conflict,
               fmt::format("a network called {} exists and is not this stack's; plan again", name)};
}

// All containers on the network, stopped ones too, which a network's own inspect leaves out.
Result<Json> users_of(const EngineClient& client, const std::string& network) {
  const Json filters = {{"network", {network}}};
  const auto list =
      client.get("/containers/json?all=1&filters=" + percent_encode(dump_json(filters)));
  if (!list) return list.error();
  return list->body;
}

// The settings of an attachment, without what the engine worked out from them.
Json endpoint_settings(const Json& endpoint, const std::string& container) {
  constexpr std::size_t k_short_id = 12;
  Json aliases = Json::array();
  for (const Json& alias : get(endpoint, "Aliases")) {
    if (as_text(alias) != container.substr(0, k_short_id)) aliases.push_back(alias);
  }
  Json settings = Json::object();
  put(settings, "Aliases", std::move(aliases));
  put(settings, "IPAMConfig", get(endpoint, "IPAMConfig"));
  put(settings, "Links", get(endpoint, "Links"));
  put(settings, "DriverOpts", get(endpoint, "DriverOpts"));
  put(settings, "GwPriority", get(endpoint, "GwPriority"));
  return settings;
}

Result<Json> read_endpoint(const EngineClient& client,
                           const std::string& container,
                           const std::string& network) {
  const auto inspect = client.get("/containers/" + container + "/json");
  if (!inspect) return inspect.error();
  for (const auto& [name, endpoint] :
       get(get(inspect->body, "NetworkSettings"), "Networks").items()) {
    if (text_or(endpoint, "NetworkID") == network) return endpoint_settings(endpoint, container);
  }
  return Json::object();
}

Result<Done> disconnect(const EngineClient& client,
                        const std::string& network,
                        const std::string& container) {
  const auto done = client.post(network_path(network, "/disconnect"),
                                {{"Container", container}, {"Force", true}},
                                {403, 404, 500});
  if (!done) return done.error();
  return Done{};
}

// How every one is attached is read before the first is detached.
Result<Json> detach_all(const Step& step, const EngineClient& client) {
  const std::string network = text_or(step.input, "network");
  const auto users = users_of(client, network);
  if (!users) return users.error();
  Json endpoints = Json::array();
  for (const Json& user : *users) {
    const std::string container = text_or(user, "Id");
    const auto endpoint = read_endpoint(client, container, network);
    if (!endpoint) return endpoint.error();
    endpoints.push_back({{"container", container}, {"endpoint", *endpoint}});
  }
  for (const Json& endpoint : endpoints) {
    const auto detached = disconnect(client, network, text_or(endpoint, "container"));
    if (!detached) return detached.error();
  }
  return Json{{"endpoints", std::move(endpoints)}};
}

Result<Json> attach_all(const Step& step, const Outputs& outputs, const EngineClient& client) {
  for (const StepId id : step.after) {
    const auto output = outputs.find(id);
    if (output == outputs.end()) continue;
    for (const Json& endpoint : get(output->second, "endpoints")) {
      // 403: it is attached already. 404: the container is gone by now.
      const auto attached = client.post(network_path(text_or(step.input, "network"), "/connect"),
                                        {{"Container", text_or(endpoint, "container")},
                                         {"EndpointConfig", get(endpoint, "endpoint")}},
                                        {403, 404});
      if (!attached) return attached.error();
    }
  }
  return Json::object();
}

Result<Json> remove_network(const Step& step, const EngineClient& client) {
  const auto removed = client.remove(network_path(text_or(step.input, "network")), {404});
  if (!removed) return removed.error();
  return Json::object();
}

// Containers of the own project are detached; those of others are not ours to cut off.
Result<Json> remove_unused(const Step& step, const EngineClient& client) {
  const std::string network = text_or(step.input, "network");
  const auto users = users_of(client, network);
  if (!users) return users.error();
  for (const Json& user : *users) {
    if (text_or(get(user, "Labels"), k_project_label) != text_or(step.input, "project")) continue;
    const auto detached = disconnect(client, network, text_or(user, "Id"));
    if (!detached) return detached.error();
  }
  return remove_network(step, client);
}

}  // namespace

Result<Json> perform_network(const Step& step, const Outputs& outputs, Effects& effects) {
  if (step.operation == "adopt") return perform_adoption(step, effects);
  const auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  if (step.operation == "create") return create_network(step, *client);
  if (step.operation == "remove") return remove_network(step, *client);
  if (step.operation == "remove_unused") return remove_unused(step, *client);
  if (step.operation == "detach_all") return detach_all(step, *client);
  if (step.operation == "attach_all") return attach_all(step, outputs, *client);
  return Error{ErrorCode::rejected, "a network has no operation called " + step.operation};
}

}  // namespace aegis::docker
