#include <algorithm>
#include <string>

#include "base/text.h"
#include "support/fake_docker.h"
#include "support/fake_docker_answers.h"

namespace aegis::test {
namespace {

const Json& container_of(const Json& spec) {
  return get(get(spec, "TaskTemplate"), "ContainerSpec");
}

bool fails(const Json& spec) {
  return get(container_of(spec), "Args") == Json::array({"false"});
}

void count_up(Json& object) {
  object["Version"]["Index"] = as_integer(get(get(object, "Version"), "Index")).value_or(9) + 1;
}

// What an engine adds to a spec that is sent to it.
void fill_in(Json& spec) {
  Json& container = spec["TaskTemplate"]["ContainerSpec"];
  container["Isolation"] = "default";
  spec["TaskTemplate"]["ForceUpdate"] = get(spec["TaskTemplate"], "ForceUpdate").is_null()
                                            ? Json(0)
                                            : spec["TaskTemplate"]["ForceUpdate"];
  spec["TaskTemplate"]["Runtime"] = "container";
  if (get(spec["EndpointSpec"], "Mode").is_null()) spec["EndpointSpec"]["Mode"] = "vip";
}

Json filter(const std::string& filters, const char* key) {
  const auto parsed = parse_json(filters);
  const Json& values = parsed ? get(*parsed, key) : Json();
  return values.is_array() && !values.empty() ? values[0] : Json();
}

}  // namespace

void FakeDocker::init_swarm() {
  const std::lock_guard guard(mutex_);
  is_manager_ = true;
}

HttpResponse FakeDocker::on_swarm(const Call& call) {
  if (!is_manager_) {
    return refused(503, "This node is not a swarm manager. Use \"docker swarm init\" first.");
  }
  if (call.path[0] == "services") return on_services(call);
  if (call.path[0] == "tasks") return list_tasks(call);
  return on_stored(call, call.path[0] == "configs" ? configs_ : secrets_);
}

HttpResponse FakeDocker::on_services(const Call& call) {
  if (call.method == "GET" && call.path.size() == 1) {
    Json list = Json::array();
    for (const auto& [id, service] : services_) list.push_back(service);
    return told(200, list);
  }
  if (call.method == "POST" && call.path[1] == "create") return create_service(call);
  const auto found = std::find_if(services_.begin(), services_.end(), [&](const auto& entry) {
    return entry.first == call.path[1] ||
           text_or(get(entry.second, "Spec"), "Name") == call.path[1];
  });
  if (found == services_.end()) return refused(404, "service " + call.path[1] + " not found");
  if (call.method == "GET") return told(200, found->second);
  if (call.method == "POST" && call.path.back() == "update") {
    return update_service(call, found->second);
  }
  if (call.method != "DELETE") return refused(501, "not part of the fake");
  services_.erase(found);
  return silent(200);
}

// Networks may be named; configs and secrets must be there under their ids. What is wrong.
std::string FakeDocker::settle_references(Json& spec) {
  Json& task = spec["TaskTemplate"];
  if (task.contains("Networks")) {
    for (Json& attachment : task["Networks"]) {
      const Json* network = find_network(text_or(attachment, "Target"));
      if (network == nullptr) return "network " + text_or(attachment, "Target") + " not found";
      if (text_or(*network, "Scope") != "swarm") return "not a network of the Swarm";
      attachment["Target"] = get(*network, "Id");
    }
  }
  for (const Json& use : get(container_of(spec), "Configs")) {
    if (!configs_.contains(text_or(use, "ConfigID"))) return "config not found";
  }
  for (const Json& use : get(container_of(spec), "Secrets")) {
    if (!secrets_.contains(text_or(use, "SecretID"))) return "secret not found";
  }
  return "";
}

HttpResponse FakeDocker::create_service(const Call& call) {
  Json spec = call.body;
  for (const auto& [id, service] : services_) {
    if (get(get(service, "Spec"), "Name") == get(spec, "Name")) {
      return refused(409, "rpc error: name conflicts with an existing object");
    }
  }
  if (const std::string wrong = settle_references(spec); !wrong.empty()) return refused(404, wrong);
  fill_in(spec);
  const std::string id = new_id();
  services_[id] = {{"ID", id}, {"Spec", spec}};
  count_up(services_[id]);
  return told(201, {{"ID", id}});
}

HttpResponse FakeDocker::update_service(const Call& call, Json& service) {
  if (call.query.at("version") != as_text(service["Version"]["Index"])) {
    return refused(500, "rpc error: code = Unknown desc = update out of sequence");
  }
  Json spec = call.body;
  const Json before = service["Spec"];
  if (get(before, "Mode").contains("Global") != get(spec, "Mode").contains("Global")) {
    return refused(501, "rpc error: service mode change is not allowed");
  }
  if (const std::string wrong = settle_references(spec); !wrong.empty()) return refused(404, wrong);
  fill_in(spec);
  service["PreviousSpec"] = before;
  service["Spec"] = spec;
  service.erase("UpdateStatus");
  count_up(service);
  const bool renews = get(before, "TaskTemplate") != get(spec, "TaskTemplate") ||
                      get(before, "EndpointSpec") != get(spec, "EndpointSpec");
  if (!renews) return told(200, {{"Warnings", nullptr}});
  std::string state = "completed";
  if (fails(spec)) {
    const std::string action = text_or(get(spec, "UpdateConfig"), "FailureAction", "pause");
    state = action == "pause" ? "paused" : action == "rollback" ? "rollback_completed" : state;
    if (action == "rollback") service["Spec"] = before;
  }
  service["UpdateStatus"] = {{"State", state}, {"Message", "update " + state}};
  return told(200, {{"Warnings", nullptr}});
}

HttpResponse FakeDocker::list_tasks(const Call& call) const {
  const auto filters = call.query.find("filters");
  const std::string text = filters == call.query.end() ? "{}" : filters->second;
  const Json service_id = filter(text, "service");
  const std::string label = as_text(filter(text, "label"));
  Json tasks = Json::array();
  for (const auto& [id, service] : services_) {
    const Json& spec = get(service, "Spec");
    const Json& labels = get(spec, "Labels");
    const auto equals = label.find('=');
    if (!service_id.is_null() && service_id != id) continue;
    if (!label.empty() && text_or(labels, label.substr(0, equals)) != label.substr(equals + 1)) {
      continue;
    }
    const Json& replicas = get(get(get(spec, "Mode"), "Replicated"), "Replicas");
    const std::int64_t count = as_integer(replicas).value_or(1);
    Json made_from = get(spec, "TaskTemplate");
    made_from.erase("Runtime");
    // One that fails is tried again.
    const std::int64_t tasks_in_all = fails(spec) ? 3 * count : count;
    for (std::int64_t number = 1; number <= tasks_in_all; ++number) {
      Json status = {{"State", fails(spec) ? "failed" : "running"}};
      if (fails(spec)) status["Err"] = "task: non-zero exit (1)";
      tasks.push_back({{"ServiceID", id},
                       {"Slot", number},
                       {"Spec", made_from},
                       {"DesiredState", fails(spec) ? "shutdown" : "running"},
                       {"Status", status}});
    }
  }
  return told(200, tasks);
}

bool FakeDocker::is_used(const std::string& id) const {
  for (const auto& [service_id, service] : services_) {
    const Json& spec = get(service, "Spec");
    for (const Json& attachment : get(get(spec, "TaskTemplate"), "Networks")) {
      if (get(attachment, "Target") == id) return true;
    }
    for (const Json& use : get(container_of(spec), "Configs")) {
      if (get(use, "ConfigID") == id) return true;
    }
    for (const Json& use : get(container_of(spec), "Secrets")) {
      if (get(use, "SecretID") == id) return true;
    }
  }
  return false;
}

HttpResponse FakeDocker::on_stored(const Call& call, std::map<std::string, Json>& objects) {
  const bool is_secret = call.path[0] == "secrets";
  const auto shown = [&](Json object) {
    if (is_secret) object["Spec"].erase("Data");
    return object;
  };
  if (call.method == "GET" && call.path.size() == 1) {
    Json list = Json::array();
    for (const auto& [id, object] : objects) list.push_back(shown(object));
    return told(200, list);
  }
  const bool creates = call.method == "POST" && call.path[1] == "create";
  const std::string wanted = creates ? text_or(call.body, "Name") : call.path[1];
  const auto found = std::find_if(objects.begin(), objects.end(), [&](const auto& entry) {
    return entry.first == wanted || text_or(get(entry.second, "Spec"), "Name") == wanted;
  });
  if (creates) {
    if (found != objects.end()) return refused(409, "rpc error: name conflicts");
    const std::string id = new_id();
    objects[id] = {{"ID", id}, {"Spec", call.body}};
    count_up(objects[id]);
    return told(201, {{"ID", id}});
  }
  if (found == objects.end()) return refused(404, call.path[0] + " " + wanted + " not found");
  if (call.method == "GET") return told(200, shown(found->second));
  if (call.method == "DELETE") {
    if (is_used(found->first)) return refused(400, "rpc error: it is in use by a service");
    objects.erase(found);
    return silent(204);
  }
  Json& spec = found->second["Spec"];
  const bool same_data = !call.body.contains("Data") || call.body["Data"] == spec["Data"];
  if (!same_data) return refused(400, "rpc error: only updates to Labels are allowed");
  spec["Labels"] = get(call.body, "Labels");
  count_up(found->second);
  return silent(200);
}

Json FakeDocker::swarm_essence() const {
  Json all = {
      {"services", Json::object()}, {"configs", Json::object()}, {"secrets", Json::object()}};
  for (const auto& [id, service] : services_) {
    Json spec = get(service, "Spec");
    if (spec["TaskTemplate"].contains("Networks")) {
      for (Json& attachment : spec["TaskTemplate"]["Networks"]) {
        attachment["Target"] = get(networks_.at(text_or(attachment, "Target")), "Name");
      }
    }
    Json& container = spec["TaskTemplate"]["ContainerSpec"];
    for (const char* key : {"Configs", "Secrets"}) {
      if (!container.contains(key)) continue;
      for (Json& use : container[key]) {
        use.erase("ConfigID");
        use.erase("SecretID");
      }
    }
    all["services"][text_or(spec, "Name")] = spec;
  }
  for (const auto& [id, config] : configs_) {
    all["configs"][text_or(get(config, "Spec"), "Name")] = get(config, "Spec");
  }
  for (const auto& [id, secret] : secrets_) {
    all["secrets"][text_or(get(secret, "Spec"), "Name")] = get(secret, "Spec");
  }
  return all;
}

}  // namespace aegis::test
