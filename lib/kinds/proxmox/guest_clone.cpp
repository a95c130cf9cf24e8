#include "kinds/proxmox/guest_clone.h"

#include <fmt/format.h>

#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::chrono::minutes k_clone_timeout{30};

}  // namespace

void add_clone_step(const Lowering& lowering, StepChain& chain, std::string_view name_key) {
  const Json& clone = get(lowering.wanted, "clone");
  const std::int64_t source = as_integer(get(clone, "vmid")).value_or(0);
  Json form{{"newid", fmt::format("{}", chain.vmid())}, {"description", k_unfinished_clone}};
  form[std::string(name_key)] =
      get(lowering.wanted, name_key == "name" ? std::string_view("name") : "hostname");
  const Json& full = get(clone, "full");
  if (!full.is_null()) form["full"] = full == true ? "1" : "0";
  for (const auto& [key, parameter] :
       {std::pair{"storage", "storage"}, std::pair{"snapshot", "snapname"}}) {
    const std::string value = text_or(clone, key);
    if (!value.empty()) form[parameter] = value;
  }
  chain
      .add("clone",
           fmt::format("clone {} {} as {}", chain.system().noun, source, chain.vmid()),
           {{"source", source}, {"form", std::move(form)}})
      .timeout = k_clone_timeout;
}

Result<Json> clone_guest(const Step& step, Effects& effects, const GuestSystem& system) {
  const GuestCalls guest(step, effects, system);
  const std::int64_t source = as_integer(get(step.input, "source")).value_or(0);
  GuestCalls::Change making;
  making.is_done = [&]() -> Result<bool> {
    const auto waited = wait_while_made(guest, source);
    if (!waited) return waited.error();
    const auto config = guest.read_config();
    if (config) return is_ours(config->requested);
    if (is_missing_guest(config.error())) return false;
    return config.error();
  };
  making.send = [&] {
    Form form;
    for (const auto& [key, value] : get(step.input, "form").items()) {
      form.emplace_back(key, as_text(value));
    }
    return guest.api().post(system.path(guest.node(), source, "/clone"), form);
  };
  return made_or_taken(guest.make(making));
}

Result<Done> wait_while_made(const GuestCalls& guest, std::int64_t source) {
  Pauses pauses(guest.api().effects().clock, guest.deadline());
  do {
    const auto config = guest.read_config();
    if (!config) {
      if (is_missing_guest(config.error())) return Done{};
      return config.error();
    }
    const auto lock = config->requested.find("lock");
    if (lock == config->requested.end() || (lock->second != "clone" && lock->second != "create")) {
      return Done{};
    }
    const auto task = find_running_task(guest.api(), guest.node(), {}, source);
    if (!task) return task.error();
    if (!*task) {
      return Error{
          ErrorCode::conflict,
          fmt::format("it is locked ({0}), and nothing makes it any more: an earlier try was cut "
                      "off. `{1} unlock {2}` and `{1} destroy {2}` on the host take the rest away",
                      lock->second,
                      guest.system().tool,
                      guest.vmid())};
    }
  } while (pauses.wait());
  return Error{ErrorCode::timed_out, "it is still being made"};
}

Result<Json> made_or_taken(const Result<Json>& made) {
  const bool is_taken = !made && made.error().message.find("already exists") != std::string::npos;
  if (!is_taken) return made;
  return Error{ErrorCode::conflict,
               made.error().message +
                   ". What is there is not what was to be made: plan again to see how it differs."};
}

}  // namespace aegis::proxmox
