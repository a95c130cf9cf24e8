#include "manifest/compose/model.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.h"
#include "manifest/compose/engine_name.h"
#include "manifest/compose/sealing.h"

namespace aegis::compose {
namespace {

// How one value of our long form is written in Compose's output.
using Writer = Json (*)(const Json& value);

struct Rule {
  std::string_view key;
  Writer write;
};

// `object` with the rules applied to its members; what says nothing is left out.
template <std::size_t size>
Json written(const Json& object, const std::array<Rule, size>& rules) {
  Json result = object;
  for (const Rule& rule : rules) {
    const auto found = result.find(std::string(rule.key));
    if (found != result.end()) *found = rule.write(*found);
  }
  return result;
}

void drop(Json& object, std::string_view key, const Json& when) {
  if (get(object, key) == when) object.erase(std::string(key));
}

// A number with what follows its point, without zeros at the end: 1.5 of (3, 2).
std::string fraction(std::int64_t value, std::int64_t unit) {
  std::string digits = fmt::format("{}", unit + value % unit).substr(1);
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  return fmt::format("{}{}{}", value / unit, digits.empty() ? "" : ".", digits);
}

// As Go prints durations: all units below the largest, seconds with their fraction.
Json duration(const Json& nanoseconds) {
  constexpr std::int64_t k_second = 1'000'000'000;
  const std::int64_t count = as_integer(nanoseconds).value_or(0);
  if (count == 0) return "0s";
  if (count < 1'000) return fmt::format("{}ns", count);
  if (count < 1'000'000) return fraction(count, 1'000) + "µs";
  if (count < k_second) return fraction(count, 1'000'000) + "ms";
  const std::int64_t minutes = count / (60 * k_second);
  const std::string seconds = fraction(count % (60 * k_second), k_second) + "s";
  if (minutes == 0) return seconds;
  if (minutes < 60) return fmt::format("{}m{}", minutes, seconds);
  return fmt::format("{}h{}m{}", minutes / 60, minutes % 60, seconds);
}

Json bytes(const Json& value) {
  return as_text(value);
}

Json healthcheck(const Json& value) {
  constexpr std::array<Rule, 4> k_rules{{{"interval", duration},
                                         {"timeout", duration},
                                         {"start_period", duration},
                                         {"start_interval", duration}}};
  return written(value, k_rules);
}

Json ports(const Json& value) {
  Json list = Json::array();
  for (Json port : value) {
    drop(port, "published", "");
    drop(port, "host_ip", "");
    if (!port.contains("mode")) port["mode"] = "ingress";
    list.push_back(std::move(port));
  }
  return list;
}

Json expose(const Json& value) {
  constexpr std::string_view k_usual = "/tcp";
  Json list = Json::array();
  for (const Json& port : value) {
    std::string text = as_text(port);
    if (text.ends_with(k_usual)) text.resize(text.size() - k_usual.size());
    list.push_back(std::move(text));
  }
  return list;
}

Json mounts(const Json& value) {
  Json list = Json::array();
  for (Json mount : value) {
    drop(mount, "read_only", false);
    if (get(mount, "type") == "volume" && !mount.contains("volume"))
      mount["volume"] = Json::object();
    if (const Json& size = get(get(mount, "tmpfs"), "size"); !size.is_null())
      mount["tmpfs"]["size"] = bytes(size);
    list.push_back(std::move(mount));
  }
  return list;
}

Json tmpfs(const Json& value) {
  Json list = Json::array();
  for (const auto& [path, options] : value.items()) {
    const std::string text = as_text(options);
    list.push_back(text.empty() ? path : fmt::format("{}:{}", path, text));
  }
  return list;
}

Json extra_hosts(const Json& value) {
  Json list = Json::array();
  for (const Json& host : value) {
    std::string text = as_text(host);
    if (const auto colon = text.find(':'); colon != std::string::npos) text[colon] = '=';
    list.push_back(std::move(text));
  }
  return list;
}

Json ulimits(const Json& value) {
  Json result = Json::object();
  for (const auto& [name, limit] : value.items())
    result[name] = get(limit, "soft") == get(limit, "hard") ? get(limit, "soft") : limit;
  return result;
}

Json dependencies(const Json& value) {
  Json result = value;
  for (Json& dependency : result) drop(dependency, "restart", false);
  return result;
}

Json attachments(const Json& value) {
  Json result = value;
  for (Json& attachment : result) {
    if (attachment.empty()) attachment = nullptr;
  }
  return result;
}

Json deploy(const Json& value) {
  Json result = value;
  for (const char* key : {"update_config", "rollback_config"}) {
    for (const char* time : {"monitor", "delay"}) {
      if (get(result, key).contains(time)) result[key][time] = duration(result[key][time]);
    }
  }
  for (const char* time : {"delay", "window"}) {
    if (get(result, "restart_policy").contains(time))
      result["restart_policy"][time] = duration(result["restart_policy"][time]);
  }
  for (const char* key : {"placement", "resources"}) {
    if (!result.contains(key)) result[key] = Json::object();
  }
  for (const char* group : {"limits", "reservations"}) {
    const Json& memory = get(get(get(result, "resources"), group), "memory");
    if (!memory.is_null()) result["resources"][group]["memory"] = bytes(memory);
  }
  return result;
}

Json blkio(const Json& value) {
  Json result = value;
  for (const char* key :
       {"device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops"}) {
    if (!result.contains(key)) continue;
    for (Json& limit : result[key]) limit["rate"] = bytes(get(limit, "rate"));
  }
  return result;
}

Json build(const Json& value) {
  Json result = value;
  if (result.contains("shm_size")) result["shm_size"] = bytes(result["shm_size"]);
  if (result.contains("extra_hosts")) result["extra_hosts"] = extra_hosts(result["extra_hosts"]);
  if (result.contains("ulimits")) result["ulimits"] = ulimits(result["ulimits"]);
  return result;
}

constexpr std::array<Rule, 17> k_service_rules{{{"blkio_config", blkio},
                                                {"build", build},
                                                {"depends_on", dependencies},
                                                {"deploy", deploy},
                                                {"expose", expose},
                                                {"extra_hosts", extra_hosts},
                                                {"healthcheck", healthcheck},
                                                {"mem_limit", bytes},
                                                {"mem_reservation", bytes},
                                                {"memswap_limit", bytes},
                                                {"networks", attachments},
                                                {"ports", ports},
                                                {"shm_size", bytes},
                                                {"stop_grace_period", duration},
                                                {"tmpfs", tmpfs},
                                                {"ulimits", ulimits},
                                                {"volumes", mounts}}};

// The output is a Compose file itself, in which a dollar sign begins a variable.
void escape_dollars(Json& value) {
  if (value.is_string()) value = join(split(value.get<std::string>(), '$'), "$$");
  if (!value.is_structured()) return;
  for (Json& element : value) escape_dollars(element);
}

Json service_model(const Member& service, Vault& vault) {
  Node kept = service.value;
  std::erase_if(kept.members,
                [](const Member& member) { return member.value.type == Node::Type::null; });
  Json model = redacted(sealed_json(kept, {"services", service.key}, vault));
  model = written(model, k_service_rules);
  // Compose tells these even when they are not set.
  for (const char* key : {"command", "entrypoint"}) {
    if (!model.contains(key)) model[key] = nullptr;
  }
  return model;
}

Json shared_model(const std::string& section,
                  const Member& shared,
                  const std::string& project_name,
                  Vault& vault) {
  Json model = redacted(sealed_json(shared.value, {section, shared.key}, vault));
  drop(model, "external", false);
  if (section == "secrets" && model.contains("content")) model["content"] = k_redacted;
  model["name"] = engine_name(shared.value, shared.key, project_name);
  if (section == "networks" && !model.contains("ipam")) model["ipam"] = Json::object();
  return model;
}

}  // namespace

Json project_model(const Node& project, const std::string& project_name, Vault& vault) {
  Json model = {{"name", project_name}, {"services", Json::object()}};
  for (const Member& section : project.members) {
    for (const Member& member : section.value.members) {
      model[section.key][member.key] = section.key == "services"
                                           ? service_model(member, vault)
                                           : shared_model(section.key, member, project_name, vault);
    }
  }
  escape_dollars(model);
  return model;
}

}  // namespace aegis::compose
