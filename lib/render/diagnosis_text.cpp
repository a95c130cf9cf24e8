#include "render/diagnosis_text.h"

#include <fmt/format.h>

#include "base/text.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

constexpr std::string_view k_format_version = "1.0";

std::string root_text(const ServerHealth& health) {
  if (health.has_root) return "can act as root@pam";
  return health.root_problem ? "cannot act as root@pam" : "no way to act as root@pam";
}

std::string server_text(const ServerHealth& health, const Style& style) {
  const std::string name = paint(harmless(health.name), Role::strong, style);
  if (health.problem) {
    return fmt::format("{}: {} as {}: {}\n",
                       name,
                       paint("not usable", Role::failed, style),
                       harmless(health.login),
                       harmless(health.problem->message));
  }
  std::string text = fmt::format("{}: Proxmox VE {} as {}; {}\n",
                                 name,
                                 harmless(health.version),
                                 harmless(health.login),
                                 root_text(health));
  if (health.root_problem) {
    text += fmt::format("  {}: {}\n",
                        paint("root@pam", Role::warned, style),
                        harmless(health.root_problem->message));
  }
  return text;
}

std::string thing_of(const Obstacle& obstacle) {
  if (!obstacle.attribute.empty()) return obstacle.attribute;
  return obstacle.resource.empty() ? "anything" : "it";
}

std::string obstacle_text(const Obstacle& obstacle, const Style& style) {
  return fmt::format("    to {} {}: needs {}{}\n",
                     obstacle.purpose == Purpose::plan ? "read" : "change",
                     paint(harmless(thing_of(obstacle)), Role::changed, style),
                     harmless(obstacle.need),
                     obstacle.door == Door::api ? ", through the API" : "");
}

std::string verdict(const Diagnosis& diagnosis, const Style& style) {
  std::size_t unusable = 0;
  for (const ServerHealth& health : diagnosis.servers) unusable += health.problem ? 1 : 0;
  if (unusable > 0) {
    return paint(
        fmt::format("{} cannot be used.", count_of(unusable, "server")), Role::failed, style);
  }
  if (diagnosis.obstacles.empty()) {
    return paint("All that is declared can be read and done.", Role::added, style);
  }
  return paint(fmt::format("These credentials are not enough: {} in the way.",
                           count_of(diagnosis.obstacles.size(), "obstacle")),
               Role::failed,
               style);
}

std::string_view name_of(Purpose purpose) {
  return purpose == Purpose::plan ? "plan" : "apply";
}

Json to_json(const ServerHealth& health) {
  Json json{{"name", health.name},
            {"login", health.login},
            {"version", health.version},
            {"root", health.has_root}};
  if (health.problem) json["problem"] = health.problem->message;
  if (health.root_problem) json["root_problem"] = health.root_problem->message;
  return json;
}

}  // namespace

std::string render_text(const Diagnosis& diagnosis, const Style& style) {
  std::string text;
  for (const ServerHealth& health : diagnosis.servers) {
    text += server_text(health, style);
    std::string_view shown = "?";
    for (const Obstacle& obstacle : diagnosis.obstacles) {
      if (obstacle.server != health.name) continue;
      if (obstacle.resource != shown && !obstacle.resource.empty()) {
        text += fmt::format("  {}\n", harmless(obstacle.resource));
      }
      shown = obstacle.resource;
      text += obstacle_text(obstacle, style);
    }
  }
  return fmt::format("{}\n{}\n", text, verdict(diagnosis, style));
}

Json to_json(const Diagnosis& diagnosis) {
  Json servers = Json::array();
  for (const ServerHealth& health : diagnosis.servers) servers.push_back(to_json(health));
  Json obstacles = Json::array();
  for (const Obstacle& obstacle : diagnosis.obstacles) {
    obstacles.push_back({{"server", obstacle.server},
                         {"resource", obstacle.resource},
                         {"attribute", obstacle.attribute},
                         {"purpose", name_of(obstacle.purpose)},
                         {"door", to_string(obstacle.door)},
                         {"need", obstacle.need}});
  }
  return {{"format_version", k_format_version},
          {"servers", std::move(servers)},
          {"obstacles", std::move(obstacles)}};
}

}  // namespace aegis
