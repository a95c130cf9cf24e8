#include "manifest/windows.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/text.h"
#include "base/units.h"
#include "manifest/calendar_event.h"
#include "model/window.h"

namespace aegis {
namespace {

using Windows = std::map<std::string, Window>;

const YamlNode* path(const YamlNode* node, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (node == nullptr || node->type != YamlNode::Type::mapping) return nullptr;
    node = node->find(key);
  }
  return node;
}

std::string text_of(const YamlNode* node) {
  return node == nullptr ? std::string() : node->text;
}

/// One entry of servers, containers, machines or stacks that changes are held back for.
class Gates {
 public:
  Gates(const YamlNode& root, Reading& reading) : root_(root), reading_(reading) {}

  void read() {
    take_windows(path(&root_, {"windows"}), "UTC", common_);
    for_each("servers", &Gates::gate_server);
    for_each("containers", &Gates::gate_guest);
    for_each("machines", &Gates::gate_guest);
    for_each("stacks", &Gates::gate_stack);
  }

 private:
  using Gate = void (Gates::*)(const std::string& section, const YamlNode::Member& entry);

  void for_each(const std::string& section, Gate gate) {
    const YamlNode* node = path(&root_, {section});
    if (node == nullptr || node->type != YamlNode::Type::mapping) return;
    for (const YamlNode::Member& entry : node->members) (this->*gate)(section, entry);
  }

  // All of the section "windows", or the maintenance windows that say how long they are.
  void take_windows(const YamlNode* section, const std::string& zone, Windows& known) {
    if (section == nullptr || section->type != YamlNode::Type::mapping) return;
    for (const YamlNode::Member& entry : section->members) {
      const YamlNode* duration = entry.value->find("duration");
      const YamlNode* schedule = entry.value->find("schedule");
      if (duration == nullptr || schedule == nullptr) continue;
      const auto length = parse_duration(duration->text);
      if (!length) continue;
      Window window{entry.key, {}, std::chrono::ceil<std::chrono::seconds>(*length)};
      if (window.duration < std::chrono::seconds(1)) {
        reading_.error(duration->where, "a window that is never open", "Give it a time: 2h.");
        continue;
      }
      if (schedule->type != YamlNode::Type::sequence) take_event(*schedule, zone, window);
      for (const YamlNode& item : schedule->items) take_event(item, zone, window);
      known.insert_or_assign(entry.key, std::move(window));
    }
  }

  void take_event(const YamlNode& node, const std::string& zone, Window& window) {
    const std::string event =
        names_zone(node.text) ? node.text : fmt::format("{} {}", node.text, zone);
    const auto parsed =
        is_calendar_event(node.text)
            ? CalendarEvent::parse(event)
            : Result<CalendarEvent>(Error{ErrorCode::rejected, "systemd takes no such time"});
    window.schedule.push_back(event);
    if (parsed) return;
    reading_.error(node.where,
                   "a time that is not understood",
                   fmt::format("`{}`: {}.", node.text, parsed.error().message));
  }

  std::string zone_of_server(const std::string& server) {
    const std::string zone = text_of(path(&root_, {"servers", server, "time", "timezone"}));
    return zone.empty() ? "UTC" : zone;
  }

  void gate_server(const std::string&, const YamlNode::Member& entry) {
    Windows known = common_;
    take_windows(path(entry.value.get(), {"os", "maintenance"}), zone_of_server(entry.key), known);
    of_server_[entry.key] = known;
    const Json gate = read_gate(*entry.value, known);
    if (gate.is_null()) return;
    gates_[entry.key] = gate;
    set_gate("server/" + entry.key, gate);
    set_gate("host/" + entry.key, gate);
  }

  void gate_guest(const std::string& section, const YamlNode::Member& entry) {
    const std::string kind = section.substr(0, section.size() - 1);
    const std::string server = text_of(entry.value->find("server"));
    Windows known = of_server_[server];
    const std::string own_zone = text_of(entry.value->find("timezone"));
    const bool is_hosts = own_zone.empty() || own_zone == "host";
    take_windows(path(entry.value.get(), {"os", "maintenance"}),
                 is_hosts ? zone_of_server(server) : own_zone,
                 known);
    if (kind == "container") of_container_[entry.key] = known;
    auto& resources = reading_.manifests.desired.resources;
    const auto guest = resources.find(Address{"", kind, entry.key});
    if (guest != resources.end()) guest->second.spec.erase("window");
    Json gate = read_gate(*entry.value, known);
    if (!gate.is_null()) {
      auto& scopes = reading_.manifests.desired.scopes;
      const auto scope = scopes.find("server/" + server);
      if (scope != scopes.end()) scope->second.settings["windows"][kind + "/" + entry.key] = gate;
    } else if (gates_.contains(server)) {
      gate = gates_[server];
    }
    if (!gate.is_null() && kind == "container") set_gate("guest/" + entry.key, gate);
  }

  void gate_stack(const std::string&, const YamlNode::Member& entry) {
    const std::string container = text_of(entry.value->find("container"));
    const std::string server = text_of(entry.value->find("server"));
    const auto& known = !container.empty() ? of_container_[container]
                        : !server.empty()  ? of_server_[server]
                                           : common_;
    const Json gate = read_gate(*entry.value, known);
    if (!gate.is_null()) set_gate("stack/" + entry.key, gate);
  }

  // Null when the entry has no window, or one that is not there, which is reported.
  Json read_gate(const YamlNode& entry, const Windows& known) {
    const YamlNode* node = entry.find("window");
    if (node == nullptr) return {};
    const bool is_short = node->type != YamlNode::Type::mapping;
    const YamlNode* name = is_short ? node : node->find("name");
    const auto window = known.find(name->text);
    if (window == known.end()) {
      std::vector<std::string> names;
      for (const auto& [one, value] : known) names.push_back(one);
      reading_.unknown("windows", name->text, names, name->where);
      return {};
    }
    const std::string from = is_short ? "" : text_of(node->find("from"));
    Json gate = to_json(window->second);
    gate["from"] = from.empty() ? "reboot container" : from;
    return gate;
  }

  void set_gate(const std::string& scope_name, const Json& gate) {
    auto& scopes = reading_.manifests.desired.scopes;
    const auto scope = scopes.find(scope_name);
    if (scope != scopes.end()) scope->second.settings["window"] = gate;
  }

  const YamlNode& root_;
  Reading& reading_;
  Windows common_;                               ///< of the section `windows`
  std::map<std::string, Windows> of_server_;     ///< those, and of its maintenance
  std::map<std::string, Windows> of_container_;  ///< those of its server, and of its maintenance
  std::map<std::string, Json> gates_;            ///< by server
};

}  // namespace

void read_windows(const YamlNode& root, Reading& reading) {
  Gates(root, reading).read();
}

}  // namespace aegis
