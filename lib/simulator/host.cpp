#include "simulator/host.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "simulator/access_calls.h"
#include "simulator/cluster.h"
#include "simulator/conf_reading.h"
#include "simulator/routes.h"
#include "simulator/state.h"
#include "simulator/upload_form.h"
#include "simulator/world.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_base = "/api2/json";
constexpr std::string_view k_root = "root@pam";
constexpr std::string_view k_first_token = "aegis";

void make_root(World& world) {
  User root;
  root.password_hash =
      Access::hash_password(world.options.root_password.reveal(), world.random.hex(8));
  Token token;
  const Secret& wanted = world.options.root_token;
  token.secret = wanted.empty() ? world.random.uuid() : wanted.reveal();
  token.separated = false;
  root.tokens.emplace(k_first_token, std::move(token));
  world.access.users.emplace(k_root, std::move(root));
}

std::string with_values(std::string_view pattern, const RawParameters& parameters) {
  std::string path(pattern);
  for (const auto& [name, values] : parameters) {
    const std::string hole = fmt::format("{{{}}}", name);
    const std::size_t at = path.find(hole);
    if (at != std::string::npos && !values.empty()) path.replace(at, hole.size(), values.front());
  }
  return path;
}

Refusal check_guard(const World& world,
                    const Caller& caller,
                    const Route& route,
                    const RawParameters& parameters) {
  if (route.privileges.empty() || caller.is_root()) return {};
  const std::string path = with_values(route.guarded_path, parameters);
  const Privileges has = privileges_at(world, caller, path);
  const bool allowed = std::any_of(route.privileges.begin(),
                                   route.privileges.end(),
                                   [&](std::string_view name) { return has.contains(name); });
  if (allowed) return {};
  return forbidden(fmt::format("{}, {}", path, fmt::join(route.privileges, "|")));
}

// The node that the request is for: the one that takes it passes it on.
std::string node_in(const World& world, const RawParameters& parameters) {
  const auto node = parameters.find("node");
  const bool is_here = node == parameters.end() || node->second.front() == "localhost";
  return is_here ? world.node : node->second.front();
}

Refusal check_node(const World& world, const std::string& name) {
  if (is_node(world, name) && name != world.node && !world.answers(name)) {
    return refuse("No route to host", 595);
  }
  if (is_node(world, name) || formats::node(name)) return {};
  return refuse(
      fmt::format("hostname lookup '{0}' failed - failed to get address info for: {0}: Temporary "
                  "failure in name resolution",
                  name));
}

// The order is Proxmox's: the login, the path, the right to call it, and only then the parameters.
Answer call_api(World& world, const Request& request, RawParameters raw) {
  const std::string full = path_of(request);
  const std::string path = full.starts_with(k_base) ? full.substr(k_base.size()) : "";
  RawParameters in_path;
  const Route* route = find_route(request.method, path, in_path);
  Call call;
  if (route == nullptr || !route->open_to_all) {
    if (Refusal refusal = identify(world, request, call.caller)) return *refusal;
  }
  if (route == nullptr) {
    return refuse(fmt::format("Method '{} {}' not implemented", request.method, path), 501);
  }
  const bool has_token = request.headers.contains("authorization");
  if (!route->takes_tokens && has_token) {
    return refuse("Permission check failed - not available with API token, need proper ticket",
                  403);
  }
  for (auto& [name, values] : in_path) raw[name] = values;
  if (Refusal refusal = check_guard(world, call.caller, *route, raw)) return *refusal;
  const std::string node = node_in(world, raw);
  if (Refusal refusal = check_node(world, node)) return *refusal;
  const OnNode visit(world, node);
  FieldErrors errors = verify(route->fields, raw, call.parameters);
  if (!errors.empty()) return invalid(std::move(errors));
  return route->handler(world, call);
}

// What the HTTP server itself refuses is plain text, or nothing at all for a strange method.
Response refuse_protocol(const Answer& answer) {
  Response response = to_response(answer);
  const bool strange_method = answer.message.starts_with("method ");
  response.body = strange_method ? "" : answer.message;
  response.content_type = strange_method ? "" : "text/plain";
  return response;
}

const Fault* find_fault(const std::vector<Fault>& faults, Fault::Kind kind) {
  const auto found = std::find_if(
      faults.begin(), faults.end(), [&](const Fault& fault) { return fault.kind == kind; });
  return found == faults.end() ? nullptr : &*found;
}

void inject_lock(World& world, int vmid, std::chrono::milliseconds duration) {
  Guest* guest = world.find_guest(vmid);
  if (guest == nullptr) return;
  guest->config["lock"] = "backup";
  world.injected_locks[vmid] = world.now() + duration;
}

void influence_tasks(World& world, const std::vector<Fault>& faults) {
  world.on_new_task = [](Task&) {};
  const Fault* failing = find_fault(faults, Fault::Kind::fail_task);
  const Fault* warning = find_fault(faults, Fault::Kind::warn_task);
  if (failing == nullptr && warning == nullptr) return;
  const std::string error = failing == nullptr ? "" : failing->text;
  const int warnings = warning == nullptr ? 0 : warning->status;
  world.on_new_task = [error, warnings](Task& task) {
    task.forced_error = error;
    task.forced_warnings = warnings;
  };
}

Response lost_answer() {
  Response response;
  response.status = 596;
  response.reason = "Connection timed out";
  response.close = true;
  return response;
}

}  // namespace

Host::Host(std::unique_ptr<World> world) : world_(std::move(world)) {}

Host::~Host() = default;

Result<std::unique_ptr<Host>> Host::open(SimulatorOptions options) {
  auto world = std::make_unique<World>(std::move(options));
  const std::filesystem::path folder = world->options.state_folder;
  bool loaded = false;
  if (!folder.empty()) {
    const Result<bool> state = load_state(*world, folder);
    if (!state) return state.error();
    loaded = *state;
  }
  if (!loaded) {
    make_root(*world);
    if (!folder.empty()) {
      const Result<Done> saved = save_state(*world, folder);
      if (!saved) return saved.error();
    }
  }
  return std::unique_ptr<Host>(new Host(std::move(world)));
}

Response Host::handle(const Request& request) {
  const std::lock_guard guard(mutex_);
  const std::vector<Fault> faults = faults_.strike(request);
  const auto latency = world_->options.latency + faults_.latency();
  if (find_fault(faults, Fault::Kind::drop_before) != nullptr) {
    Response dropped;
    dropped.dropped = true;
    return dropped;
  }
  if (const Fault* fault = find_fault(faults, Fault::Kind::lock)) {
    inject_lock(*world_, fault->vmid, fault->delay);
  }
  influence_tasks(*world_, faults);
  Response response;
  if (const Fault* fault = find_fault(faults, Fault::Kind::answer)) {
    response = to_response(refuse(fault->text, fault->status));
  } else {
    response = serve(request);
  }
  world_->on_new_task = [](Task&) {};
  if (find_fault(faults, Fault::Kind::lose_answer) != nullptr) response = lost_answer();
  if (find_fault(faults, Fault::Kind::drop_after) != nullptr) response.dropped = true;
  if (const Fault* slow = find_fault(faults, Fault::Kind::slow)) response.delay += slow->delay;
  response.delay += latency;
  return response;
}

Response Host::serve(const Request& request) {
  world_->waited = std::chrono::milliseconds(0);
  RawParameters raw;
  world_->uploaded.clear();
  const Refusal unreadable = is_upload(request) ? read_upload(request, raw, world_->uploaded)
                                                : read_parameters(request, raw);
  if (const Refusal& refusal = unreadable) {
    return refusal->status == 500 ? to_response(*refusal) : refuse_protocol(*refusal);
  }
  settle(*world_);
  Response response = to_response(call_api(*world_, request, std::move(raw)));
  response.delay = world_->waited;
  if (response.status == 401) response.delay += world_->options.refusal_delay;
  if (request.method != "GET" && response.status < 400) save(response);
  return response;
}

void Host::save(Response& response) {
  if (world_->options.state_folder.empty()) return;
  const Result<Done> saved = save_state(*world_, world_->options.state_folder);
  if (!saved) response = to_response(refuse(saved.error().message));
}

void Host::set_faults(FaultPlan plan) {
  const std::lock_guard guard(mutex_);
  faults_.set(std::move(plan));
}

std::uint64_t Host::requests() const {
  const std::lock_guard guard(mutex_);
  return faults_.requests();
}

void Host::hold_lock(int vmid, std::chrono::milliseconds duration) {
  const std::lock_guard guard(mutex_);
  inject_lock(*world_, vmid, duration);
}

Ticket Host::mint_ticket(std::string_view user) const {
  const std::lock_guard guard(mutex_);
  return world_->tickets.issue(user, world_->now());
}

Secret Host::root_token() const {
  const std::lock_guard guard(mutex_);
  const std::string id = fmt::format("{}!{}", k_root, k_first_token);
  const Token* token = world_->access.find_token(id);
  return token == nullptr ? Secret() : Secret(fmt::format("{}={}", id, token->secret));
}

void Host::populate(const Population& population) {
  const std::lock_guard guard(mutex_);
  const auto& storages = world_->storages.storages;
  const auto home = std::find_if(storages.begin(), storages.end(), [](const auto& storage) {
    return Storages::holds(storage, "rootdir");
  });
  constexpr std::int64_t k_disk = std::int64_t{8} << 30;
  int vmid = population.first_vmid;
  for (std::size_t made = 0; made < population.count; ++vmid) {
    if (world_->find_guest(vmid) != nullptr) continue;
    Container& container = world_->containers[vmid];
    container.vmid = vmid;
    container.running = population.running;
    container.started = world_->now();
    container.config = {{"arch", "amd64"},
                        {"hostname", fmt::format("ct{}", vmid)},
                        {"memory", "512"},
                        {"ostype", "debian"},
                        {"swap", "512"},
                        {"unprivileged", "1"}};
    for (const auto& [key, value] : population.config) container.config[key] = value;
    if (home != storages.end()) {
      container.config.emplace(
          "rootfs",
          fmt::format("{},size=8G",
                      world_->storages.allocate(*home, vmid, k_disk, world_->now_seconds())));
    }
    ++made;
  }
}

std::string Host::conf_file(int vmid) const {
  const std::lock_guard guard(mutex_);
  const auto container = world_->containers.find(vmid);
  if (container != world_->containers.end()) return conf_text(container->second);
  const auto machine = world_->machines.find(vmid);
  return machine == world_->machines.end() ? "" : conf_text(machine->second);
}

void Host::write_conf_file(int vmid, std::string_view text) {
  const std::lock_guard guard(mutex_);
  const auto container = world_->containers.find(vmid);
  if (container == world_->containers.end()) return;
  container->second = with_conf(std::move(container->second), text);
}

const SimulatorOptions& Host::options() const {
  return world_->options;
}

}  // namespace aegis::simulator
