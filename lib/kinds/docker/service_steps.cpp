#include "kinds/docker/service_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "kinds/docker/attachments.h"
#include "kinds/docker/create_request.h"
#include "kinds/docker/healthcheck.h"
#include "kinds/docker/limits.h"
#include "kinds/docker/service_rules.h"
#include "kinds/docker/service_state.h"
#include "kinds/docker/steps.h"

namespace aegis::docker {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes k_pull_timeout{30};
constexpr minutes k_job_timeout{30};
constexpr minutes k_unknown_health{10};
constexpr seconds k_engine_grace{30};
constexpr std::size_t k_short_id = 12;

// Nothing was read of a service whose guest is about to be made (again).
Json context_of(const Lowering& lowering, const Stack& stack) {
  if (lowering.live.context.contains("final_name")) return lowering.live.context;
  ServiceReading reading;
  reading.resource = lowering.desired;
  reading.service = lowering.change.address.name;
  return service_context(stack, reading, std::nullopt);
}

// What a lowering is made of, taken apart once.
struct Parts {
  const Lowering& lowering;
  Stack stack;
  Json context;
  std::string final_name;
  std::string id;    ///< of the present container; empty when there is none
  std::string name;  ///< its present name
  bool running = false;
  StepList steps;

  explicit Parts(const Lowering& l)
      : lowering(l),
        stack(read_stack(l.scope)),
        context(context_of(l, stack)),
        final_name(text_or(context, "final_name")),
        id(text_or(context, "id")),
        name(text_or(context, "name")),
        running(get(context, "running") == true),
        steps(stack, l.change.address, l.live) {}

  [[nodiscard]] const std::string& service() const { return lowering.change.address.name; }
  [[nodiscard]] std::string group() const {
    return "replace " + to_string(lowering.change.address);
  }
};

milliseconds stop_timeout(const Json& context) {
  constexpr std::int64_t k_usual = 10;
  return seconds{as_integer(get(context, "stop_timeout")).value_or(k_usual)} + k_engine_grace;
}

void add_pull(Parts& parts) {
  const Json& spec = parts.lowering.desired->spec;
  const std::string policy = text_or(spec, "pull_policy", "missing");
  const bool is_there = !get(parts.context, "image_id").is_null();
  if (policy == "never" || (is_there && policy != "always")) return;
  const std::string image = text_or(spec, "image");
  Step& step = parts.steps.add(
      "pull",
      "pull " + image,
      {{"image", image}, {"always", policy == "always"}, {"platform", text_or(spec, "platform")}});
  step.prepares = true;
  step.timeout = k_pull_timeout;
  // Services that share an image pull it once: the second finds it there.
  step.lane = fmt::format("docker/pull/{}/{}", parts.stack.endpoint, image);
}

Json attachment_list(const Parts& parts) {
  Json list = Json::array();
  for (const Attachment& attachment : attachments(parts.lowering.desired->spec,
                                                  get(parts.context, "networks"),
                                                  {parts.service(), parts.final_name})) {
    list.push_back({{"network", attachment.network}, {"settings", attachment.endpoint}});
  }
  return list;
}

Step& add_create(Parts& parts, const std::string& name) {
  const Resource& resource = *parts.lowering.desired;
  const Json carried =
      carried_volumes(parts.lowering.wanted, parts.context, parts.lowering.live.attributes);
  Json input = {
      {"name", name},
      {"final_name", parts.final_name},
      {"old", parts.id},
      {"stack", parts.stack.name},
      {"platform", text_or(resource.spec, "platform")},
      {"environment", get(resource.spec, "environment")},
      {"attachments", attachment_list(parts)},
      {"body",
       create_request(parts.stack, resource, parts.lowering.wanted, parts.context, carried)}};
  return parts.steps.add("create", "create container " + parts.final_name, std::move(input));
}

void add_dependency_waits(Parts& parts) {
  for (const auto& [name, how] : get(parts.lowering.desired->spec, "depends_on").items()) {
    Step& step = parts.steps.add("wait_for_dependency",
                                 fmt::format("wait for {}", name),
                                 {{"project", parts.stack.project},
                                  {"dependency", name},
                                  {"condition", text_or(how, "condition", "service_started")},
                                  {"required", as_bool(get(how, "required")).value_or(true)}});
    step.timeout = k_job_timeout;
  }
}

void collect_seals(const Json& value, Json& seals) {
  if (is_sealed(value)) {
    seals.push_back(value);
  } else if (value.is_structured()) {
    for (const Json& element : value) collect_seals(element, seals);
  }
}

milliseconds wait_timeout(const Json& spec, const Json& context) {
  const Json& base = get(context, "base");
  const Json check = merged_healthcheck(get(spec, "healthcheck"), get(base, "Healthcheck"));
  if (is_probed(check)) return health_deadline(check) + k_engine_grace;
  return base.is_null() ? milliseconds{k_unknown_health} : milliseconds{2 * k_engine_grace};
}

// The seals are those that the container's last words are cleaned of when it fails.
Step& add_wait(Parts& parts) {
  const Json& spec = parts.lowering.desired->spec;
  Json seals = Json::array();
  collect_seals(spec, seals);
  Step& step = parts.steps.add("wait",
                               fmt::format("wait until {} works", parts.service()),
                               {{"container", parts.final_name}, {"secrets", std::move(seals)}});
  step.timeout = wait_timeout(spec, parts.context);
  return step;
}

Step& add_start(Parts& parts) {
  return parts.steps.add(
      "start", "start " + parts.final_name, {{"container", parts.final_name}, {"old", parts.id}});
}

void add_removal(Parts& parts, const std::string& id, const std::string& name) {
  Step& step =
      parts.steps.add("remove", "remove container " + name, {{"container", id}, {"name", name}});
  step.timeout = stop_timeout(parts.context);
}

void add_leftovers(Parts& parts) {
  for (const Json& leftover : get(parts.context, "leftovers")) {
    add_removal(parts, text_or(leftover, "id"), text_or(leftover, "name"));
  }
}

void lower_create(Parts& parts) {
  add_pull(parts);
  add_create(parts, parts.final_name);
  add_dependency_waits(parts);
  add_start(parts);
  add_wait(parts);
}

void add_swap(Parts& parts, const std::string& candidate) {
  const std::string prefix = parts.id.substr(0, k_short_id);
  const Json old = {{"container", parts.id},
                    {"name", parts.name},
                    {"aside", fmt::format("{}_old_{}", prefix, parts.final_name)},
                    {"restart", get(parts.context, "restart")}};
  const auto in_group = [&](Step& step, std::string_view undo) {
    step.group = parts.group();
    step.undo = undo;
    step.disruption = Disruption::restart_service;
  };
  if (parts.running) {
    Step& stop = parts.steps.add("stop", "stop " + parts.name, old);
    stop.timeout = stop_timeout(parts.context);
    in_group(stop, "start_again");
  }
  in_group(parts.steps.add("park", "move the old container aside", old), "unpark");
  const Json swap = {{"candidate", candidate}, {"name", parts.final_name}, {"old", parts.id}};
  in_group(parts.steps.add("promote", "put the new container in its place", swap), "demote");
  in_group(add_start(parts), "stop_started");
  in_group(add_wait(parts), "");
}

void lower_replacement(Parts& parts) {
  const std::string candidate =
      fmt::format("{}_{}", parts.id.substr(0, k_short_id), parts.final_name);
  add_pull(parts);
  Step& create = add_create(parts, candidate);
  create.group = parts.group();
  create.undo = "discard";
  add_dependency_waits(parts);
  add_swap(parts, candidate);
  add_removal(parts, parts.id, "the old " + parts.final_name);
  add_leftovers(parts);
}

bool differs(const Change& change, std::string_view key) {
  return std::any_of(
      change.attributes.begin(), change.attributes.end(), [&](const auto& attribute) {
        return std::string_view(attribute.path).substr(0, attribute.path.find('.')) == key;
      });
}

void add_update(Parts& parts) {
  Json changed = Json::array();
  for (const AttributeChange& attribute : parts.lowering.change.attributes) {
    if (is_limit(attribute.path)) changed.push_back(attribute.path);
  }
  if (changed.empty()) return;
  parts.steps.add(
      "update",
      "update the limits of " + parts.name,
      {{"container", parts.id}, {"body", update_request(parts.lowering.wanted, changed)}});
}

void add_attachment(Parts& parts, const Attachment& attachment) {
  // An alias cannot change on an attachment, and one to a network that is gone is still in the way.
  const bool attached = get(parts.context, "endpoints").contains(attachment.network);
  Step& step =
      parts.steps.add("attach",
                      fmt::format("attach {} to network {}", parts.service(), attachment.network),
                      {{"container", parts.id},
                       {"network", attachment.network},
                       {"attached", attached},
                       {"settings", attachment.endpoint}});
  if (attached) step.disruption = Disruption::reload;
}

// New attachments first, so that the container is never without any.
void add_network_changes(Parts& parts) {
  const Json& wanted = get(parts.lowering.wanted, "networks");
  const Json& live = get(parts.lowering.live.attributes, "networks");
  for (const Attachment& attachment : attachments(parts.lowering.desired->spec,
                                                  get(parts.context, "networks"),
                                                  {parts.service(), parts.final_name})) {
    if (get(wanted, attachment.key) != get(live, attachment.key)) add_attachment(parts, attachment);
  }
  for (const auto& [key, shape] : live.items()) {
    if (!get(wanted, key).is_null()) continue;
    const std::string network = text_or(get(parts.context, "networks"), key, key);
    parts.steps
        .add("detach",
             fmt::format("detach {} from network {}", parts.service(), network),
             {{"container", parts.id}, {"network", network}})
        .disruption = Disruption::reload;
  }
}

void lower_update(Parts& parts) {
  const Change& change = parts.lowering.change;
  if (!parts.lowering.live.owned) add_adoption(parts.steps, parts.stack);
  add_update(parts);
  if (differs(change, "container_name")) {
    parts.steps.add("rename",
                    fmt::format("rename {} to {}", parts.name, parts.final_name),
                    {{"container", parts.id}, {"name", parts.final_name}});
    parts.name = parts.final_name;
  }
  if (differs(change, "networks")) add_network_changes(parts);
  if (differs(change, "state")) {
    // By its present name: an older Compose's may stay.
    parts.final_name = parts.name;
    add_dependency_waits(parts);
    add_start(parts);
    add_wait(parts);
  }
  add_leftovers(parts);
}

void lower_removal(Parts& parts) {
  add_removal(parts, parts.id, parts.name);
  add_leftovers(parts);
}

bool needs_replacement(const Lowering& lowering) {
  const Change& change = lowering.change;
  if (change.action == Action::replace) return true;
  return !std::all_of(
      change.attributes.begin(), change.attributes.end(), [&](const auto& attribute) {
        return changes_in_place(attribute, lowering.wanted);
      });
}

}  // namespace

std::vector<Step> lower_service(const Lowering& lowering) {
  Parts parts(lowering);
  if (lowering.change.action == Action::remove) {
    lower_removal(parts);
  } else if (lowering.change.action == Action::create || parts.id.empty()) {
    lower_create(parts);
  } else if (needs_replacement(lowering)) {
    lower_replacement(parts);
  } else {
    lower_update(parts);
  }
  auto steps = parts.steps.take();
  if (lowering.change.action == Action::remove) {
    for (Step& step : steps) step.disruption = Disruption::restart_service;
  }
  return steps;
}

}  // namespace aegis::docker
