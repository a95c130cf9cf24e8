#include "simulator/state.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "simulator/cluster.h"
#include "simulator/storage_setup.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_file = "state.json";
constexpr int k_format_version = 1;

Error file_error(const std::filesystem::path& file, std::string_view problem) {
  return {ErrorCode::io, fmt::format("the simulator's state file {}: {}", file.string(), problem)};
}

Json pools_json(const World& world) {
  Json pools = Json::object();
  for (const auto& [name, pool] : world.pools) {
    pools[name] = {{"comment", pool.comment}, {"vms", pool.vms}, {"storages", pool.storages}};
  }
  return pools;
}

void load_pools(World& world, const Json& json) {
  for (const auto& [name, item] : json.items()) {
    Pool& pool = world.pools[name];
    pool.comment = text_or(item, "comment");
    for (const Json& vmid : get(item, "vms")) {
      pool.vms.insert(static_cast<int>(as_integer(vmid).value_or(0)));
    }
    for (const Json& storage : get(item, "storages")) pool.storages.insert(as_text(storage));
  }
}

// Writes all of `text` and makes it durable; false with errno set when it did not work.
bool write_durably(const std::filesystem::path& file, const std::string& text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return false;
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    written += static_cast<std::size_t>(count);
  }
  const bool whole = written == text.size() && ::fsync(descriptor) == 0;
  return ::close(descriptor) == 0 && whole;
}

}  // namespace

Json state_json(const World& world) {
  Json containers = Json::array();
  for (const auto& [vmid, container] : world.containers) containers.push_back(to_json(container));
  Json files = Json::object();
  for (const auto& [name, file] : world.files) files[name] = to_json(file);
  Json machines = Json::array();
  for (const auto& [vmid, machine] : world.machines) machines.push_back(to_json(machine));
  Json locks = Json::array();
  for (const auto& [vmid, until] : world.injected_locks) {
    const auto time =
        std::chrono::duration_cast<std::chrono::milliseconds>(until.time_since_epoch());
    locks.push_back({{"vmid", vmid}, {"until", time.count()}});
  }
  return {{"format_version", k_format_version},
          {"node", world.options.node},
          {"ticket_key", world.tickets.key()},
          {"access", to_json(world.access)},
          {"tasks", to_json(world.tasks)},
          {"volumes", to_json(world.storages)},
          {"pools", pools_json(world)},
          {"containers", containers},
          {"files", files},
          {"firewalls", to_json(world.firewalls)},
          {"network", to_json(world.network)},
          {"settings", to_json(world.settings)},
          {"machines", machines},
          {"injected_locks", locks},
          {"other_nodes", other_nodes_json(world)}};
}

Result<Done> save_state(const World& world, const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) return file_error(folder, problem.message());
  const std::filesystem::path file = folder / k_file;
  const std::filesystem::path draft = folder / fmt::format("{}.new", k_file);
  if (!write_durably(draft, dump_json(state_json(world)))) {
    return file_error(draft, std::strerror(errno));
  }
  std::filesystem::rename(draft, file, problem);
  if (problem) return file_error(file, problem.message());
  return Done{};
}

Result<bool> load_state(World& world, const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / k_file;
  std::error_code problem;
  if (!std::filesystem::exists(file, problem)) {
    if (problem) return file_error(file, problem.message());
    return false;
  }
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return file_error(file, "cannot be read");
  const Result<Json> parsed = parse_json(text.str());
  if (!parsed) return file_error(file, parsed.error().message);
  const Json& json = *parsed;
  if (as_integer(get(json, "format_version")) != k_format_version) {
    return file_error(file, "has an unknown format; move it away to start afresh");
  }
  if (text_or(json, "node") != world.options.node) {
    return file_error(
        file,
        fmt::format(
            "is of node '{}', and '{}' was asked for", text_or(json, "node"), world.options.node));
  }
  world.tickets = Tickets(text_or(json, "ticket_key"), world.options.ticket_lifetime);
  world.access = access_from_json(get(json, "access"));
  world.tasks = tasks_from_json(get(json, "tasks"));
  volumes_from_json(get(json, "volumes"), world.storages);
  other_nodes_from_json(get(json, "other_nodes"), world);
  for (const auto& [name, file] : get(json, "files").items()) {
    world.files[name] = section_file_from_json(file);
  }
  refresh_storages(world);
  load_pools(world, get(json, "pools"));
  // A state of before they were kept has neither: then they are as on a fresh host.
  if (json.contains("network")) world.network = network_from_json(json["network"]);
  if (json.contains("settings")) world.settings = node_settings_from_json(json["settings"]);
  for (const Json& item : get(json, "containers")) {
    Container container = container_from_json(item);
    world.containers[container.vmid] = std::move(container);
  }
  world.firewalls = firewalls_from_json(get(json, "firewalls"));
  for (const Json& item : get(json, "machines")) {
    Machine machine = machine_from_json(item);
    world.machines[machine.vmid] = std::move(machine);
  }
  for (const Json& lock : get(json, "injected_locks")) {
    world.injected_locks[static_cast<int>(as_integer(get(lock, "vmid")).value_or(0))] =
        TimePoint(std::chrono::milliseconds(as_integer(get(lock, "until")).value_or(0)));
  }
  return true;
}

}  // namespace aegis::simulator
