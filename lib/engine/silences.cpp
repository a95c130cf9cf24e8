#include "engine/silences.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/address.h"
#include "model/endpoint.h"

namespace aegis {
namespace {

constexpr const char* k_server = "server/";

// What Prometheus's regular expressions would read as something else.
std::string literally(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view(R"(\.+*?()|[]{}^$)").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string one_of(const std::vector<std::string>& texts) {
  std::vector<std::string> patterns;
  patterns.reserve(texts.size());
  for (const std::string& text : texts) patterns.push_back(literally(text));
  return fmt::format("({})", join(patterns, "|"));
}

bool is_on_server(const Scope& scope, const std::string& server) {
  const std::string endpoint = text_or(scope.settings, "endpoint");
  const std::string of_guest = text_or(get(scope.settings, "guest"), "endpoint");
  return endpoint == proxmox_endpoint(server) || of_guest == proxmox_endpoint(server) ||
         endpoint == engine_endpoint(ServerEngine{server});
}

bool is_in(const Scope& scope, const std::string& subject) {
  if (scope.name == subject) return true;
  if (text_or(get(scope.settings, "guest"), "address") == subject) return true;
  return subject.starts_with(k_server) &&
         is_on_server(scope, subject.substr(std::string_view(k_server).size()));
}

Silence silence_on(std::string label, std::string pattern) {
  Silence silence;
  silence.matchers.push_back({std::move(label), std::move(pattern), true, true});
  return silence;
}

}  // namespace

std::vector<std::string> held_addresses(const std::string& subject, const Desired& desired) {
  std::set<std::string> held;
  for (const auto& [name, scope] : desired.scopes) {
    if (is_in(scope, subject)) held.insert(name);
  }
  for (const auto& [address, resource] : desired.resources) {
    const bool is_itself = to_string(address) == subject;
    // What has a scope in its address is covered by that.
    if (is_itself || (address.scope.empty() && held.contains(resource.scope))) {
      held.insert(to_string(address));
    }
  }
  return {held.begin(), held.end()};
}

Silence silence_of_resources(const std::vector<std::string>& addresses) {
  return silence_on("resource", one_of(addresses) + "(/.*)?");
}

std::optional<Silence> silence_of_systems(const std::vector<std::string>& addresses,
                                          const Alerting& alerting) {
  std::vector<std::string> systems;
  for (const std::string& name : addresses) {
    const auto address = parse_address(name);
    if (address && alerting.node_exporters.contains(address->name) &&
        std::find(systems.begin(), systems.end(), address->name) == systems.end() &&
        (address->kind == "container" || address->kind == "server")) {
      systems.push_back(address->name);
    }
  }
  if (systems.empty()) return std::nullopt;
  return silence_on("instance", one_of(systems));
}

std::vector<Silence> silences_for(const std::string& subject,
                                  const Desired& desired,
                                  const Alerting& alerting) {
  const std::vector<std::string> held = held_addresses(subject, desired);
  if (held.empty()) return {};
  std::vector<Silence> silences{silence_of_resources(held)};
  if (auto systems = silence_of_systems(held, alerting)) silences.push_back(std::move(*systems));
  return silences;
}

}  // namespace aegis
