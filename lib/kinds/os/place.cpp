#include "kinds/os/place.h"

#include <fmt/format.h>

#include <algorithm>

#include "kinds/os/accounts.h"
#include "kinds/os/effects.h"
#include "kinds/os/sysctl.h"
#include "kinds/proxmox/host_view.h"

namespace aegis::os {
namespace {

// The container's host, in the form in which Proxmox's queries take it.
Scope host_of(const Json& guest) {
  return {"", guest, {}};
}

std::vector<std::string> texts_at(const Json& object, std::string_view key) {
  std::vector<std::string> texts;
  for (const Json& text : get(object, key)) texts.push_back(as_text(text));
  return texts;
}

}  // namespace

Place read_place(const Scope& scope) {
  Place place{scope.name, text_or(scope.settings, "shell"), {}};
  place.asks.paths = texts_at(scope.settings, "paths");
  place.asks.packages = texts_at(scope.settings, "packages");
  place.asks.users = texts_at(scope.settings, "users");
  place.asks.units = texts_at(scope.settings, "units");
  for (const std::string& name : texts_at(scope.settings, "kernel")) {
    place.asks.kernel.push_back(sysctl_path(name));
  }
  for (const std::string& checkout : texts_at(scope.settings, "checkouts")) {
    const std::size_t cut = checkout.find(' ');
    place.asks.checkouts.push_back({checkout.substr(cut + 1), checkout.substr(0, cut)});
  }
  place.asks.effects = !place.asks.units.empty() || !texts_at(scope.settings, "guarded").empty() ||
                       std::any_of(place.asks.paths.begin(), place.asks.paths.end(), is_unit_file);
  place.asks.accounts = !place.asks.users.empty() || !texts_at(scope.settings, "groups").empty();
  for (const std::string& user : place.asks.users) {
    place.asks.contents.push_back(sudo_path(user));
  }
  return place;
}

std::vector<Query> presence_queries(const Scope& scope) {
  const Json& guest = get(scope.settings, "guest");
  if (!guest.is_object()) return {};
  return {proxmox::HostQueries(host_of(guest)).of_system(proxmox::container_system())};
}

Result<bool> is_running(const Scope& scope, const Replies& replies) {
  const Json& guest = get(scope.settings, "guest");
  if (!guest.is_object()) return true;
  const proxmox::HostQueries host(host_of(guest));
  const auto list = proxmox::data_of(replies,
                                     host.of_system(proxmox::container_system()),
                                     fmt::format("the containers of node {}", host.node));
  if (!list) return list.error();
  for (const Json& container : **list) {
    if (as_integer(get(container, "vmid")) != as_integer(get(guest, "vmid"))) continue;
    return text_or(container, "status") == "running";
  }
  return false;
}

}  // namespace aegis::os
