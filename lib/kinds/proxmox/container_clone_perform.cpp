#include <fmt/format.h>

#include <array>
#include <set>

#include "base/text.h"
#include "kinds/proxmox/config_text.h"
#include "kinds/proxmox/container_clone.h"
#include "kinds/proxmox/guest_calls.h"
#include "kinds/proxmox/property_string.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::array<std::string_view, 18> k_plain{"cmode",
                                                   "console",
                                                   "cores",
                                                   "cpulimit",
                                                   "cpuunits",
                                                   "description",
                                                   "features",
                                                   "hookscript",
                                                   "hostname",
                                                   "memory",
                                                   "nameserver",
                                                   "onboot",
                                                   "searchdomain",
                                                   "startup",
                                                   "swap",
                                                   "tags",
                                                   "timezone",
                                                   "tty"};

// What separates a copy, which is as its original, from what is wanted of it.
class Rest {
 public:
  Rest(const ConfigMap& config, const Json& wanted)
      : config_(config),
        wanted_(wanted),
        present_(shape_of_container(spec_of(config, wanted))),
        nets_(net_keys(config)) {
    for (const std::string_view key : k_plain) compare_plain(std::string(key));
    for (const char* key : {"rootfs"}) compare_disk(key, get(wanted, key), get(present_, key));
    for (const std::string& key : keys_of("mount_points")) {
      compare_disk(key, member(wanted, "mount_points", key), member(present_, "mount_points", key));
    }
    for (const std::string& key : keys_of("devices")) compare_device(key);
    for (const std::string& name : keys_of("network")) compare_net(name);
    // Put on at the end: it keeps disks from being changed.
    compare_plain("protection");
  }

  [[nodiscard]] bool empty() const { return set_.empty() && remove_.empty(); }

  [[nodiscard]] Form form(const std::string& digest) const {
    Form form = set_;
    if (!remove_.empty()) form.emplace_back("delete", join(remove_, ","));
    form.emplace_back("digest", digest);
    return form;
  }

 private:
  static const Json& member(const Json& attributes, const char* group, const std::string& key) {
    return get(get(attributes, group), key);
  }

  [[nodiscard]] std::set<std::string> keys_of(const char* group) const {
    std::set<std::string> keys;
    for (const Json* attributes : {&wanted_, &present_}) {
      const Json& members = get(*attributes, group);
      if (!members.is_object()) continue;
      for (const auto& [key, value] : members.items()) keys.insert(key);
    }
    return keys;
  }

  [[nodiscard]] std::string live(const std::string& key) const {
    const auto found = config_.find(key);
    return found == config_.end() ? std::string() : found->second;
  }

  void put(const std::string& key, const std::string& text) { set_.emplace_back(key, text); }
  void drop(const std::string& key) {
    if (config_.contains(key)) remove_.push_back(key);
  }

  void compare_plain(const std::string& key) {
    if (get(wanted_, key) == get(present_, key)) return;
    const auto text = plain_text(key, wanted_, live(key));
    if (text) {
      put(key, *text);
    } else {
      drop(key);
    }
  }

  // A size is grown by a call of its own.
  void compare_disk(const std::string& key, Json wanted, Json present) {
    if (wanted.is_null() && key == "rootfs") return;
    if (wanted.is_null()) return drop(key);
    const Json whole = wanted;
    if (wanted.is_object() && present.is_object()) {
      for (Json* disk : {&wanted, &present}) disk->erase("size");
    }
    if (wanted != present) put(key, disk_text(whole, live(key)));
  }

  void compare_device(const std::string& key) {
    const Json& wanted = member(wanted_, "devices", key);
    if (wanted == member(present_, "devices", key)) return;
    if (wanted.is_null()) return drop(key);
    put(key, device_text(wanted, live(key)));
  }

  void compare_net(const std::string& name) {
    const Json& wanted = member(wanted_, "network", name);
    if (wanted == member(present_, "network", name)) return;
    const auto known = nets_.find(name);
    const std::string key = known == nets_.end() ? free_net() : known->second;
    if (wanted.is_null()) return drop(key);
    put(key, net_text(name, wanted, live(key)));
  }

  std::string free_net() {
    for (int number = 0;; ++number) {
      std::string key = fmt::format("net{}", number);
      if (!config_.contains(key) && taken_.insert(key).second) return key;
    }
  }

  const ConfigMap& config_;
  const Json& wanted_;
  Json present_;
  std::map<std::string, std::string> nets_;
  std::set<std::string> taken_;
  Form set_;
  std::vector<std::string> remove_;
};

}  // namespace

Result<Json> complete_container_clone(const Step& step, Effects& effects) {
  const GuestCalls guest(step, effects, container_system());
  Form form;
  GuestCalls::Change change;
  change.is_done = [&]() -> Result<bool> {
    const auto config = guest.read_config();
    if (!config) return config.error();
    const Rest rest(config->requested, get(step.input, "wanted"));
    form = rest.form(config->digest);
    return rest.empty();
  };
  change.send = [&] {
    return guest.api().put(guest.path("/config"), form, get(step.input, "as_root") == true);
  };
  return guest.make(change);
}

Result<Json> check_original(const Step& step, Effects& effects) {
  const ApiClient api(effects, text_or(step.input, "endpoint"));
  const std::int64_t original = as_integer(get(step.input, "original")).value_or(0);
  const auto config =
      api.get(container_system().path(text_or(step.input, "node"), original, "/config"));
  if (config) return Json::object();
  return config.error().in_context(
      fmt::format("container {} is to be copied, and nothing was destroyed for it", original));
}

}  // namespace aegis::proxmox
