#include "kinds/docker/service_parts.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "base/text.h"
#include "kinds/docker/attachments.h"
#include "kinds/docker/container_hooks.h"
#include "kinds/docker/create_request.h"
#include "kinds/docker/healthcheck.h"
#include "kinds/docker/image_build.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/placed_files.h"
#include "kinds/docker/service_state.h"
#include "kinds/docker/stateful_data.h"

namespace aegis::docker {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes k_pull_timeout{30};
constexpr minutes k_build_timeout{120};
constexpr minutes k_job_timeout{30};
constexpr minutes k_unknown_health{10};
constexpr seconds k_engine_grace{30};

// Nothing was read of a service whose guest is about to be made (again).
Json context_of(const Lowering& lowering, const Stack& stack) {
  if (lowering.live.context.contains("final_name")) return lowering.live.context;
  ServiceReading reading;
  reading.resource = lowering.desired;
  reading.replica = replica_of(lowering.change.address.name, lowering.desired->spec);
  return service_context(stack, reading, std::nullopt);
}

Json attachment_list(const ServiceParts& parts) {
  Json list = Json::array();
  for (const Attachment& attachment :
       attachments(parts.lowering.desired->spec,
                   get(parts.context, "networks"),
                   {parts.replica().service, parts.final_name, parts.stack.project})) {
    list.push_back({{"network", attachment.network}, {"settings", attachment.endpoint}});
  }
  return list;
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

void add_data_check(ServiceParts& parts, const std::string& image) {
  if (!needs_data_check(parts.lowering.wanted, parts.lowering.live)) return;
  // What the image is shows only now, and still before anything is stopped.
  parts.steps
      .add("check_data",
           "check that the new image opens the data",
           {{"image", image}, {"container", parts.name}, {"data", get(parts.context, "data")}})
      .prepares = true;
}

void add_fetch(ServiceParts& parts, const std::string& image, Json input) {
  input["image"] = image;
  input["login"] = parts.stack.login_for(image);
  input["platform"] = text_or(parts.lowering.desired->spec, "platform");
  Step& step = parts.steps.add("pull", "pull " + image, std::move(input));
  step.prepares = true;
  step.timeout = k_pull_timeout;
  // Services that share an image pull it once: the second finds it there.
  step.lane = fmt::format("docker/pull/{}/{}", parts.stack.endpoint, image);
}

void add_pull(ServiceParts& parts) {
  const Json& spec = parts.lowering.desired->spec;
  const std::string policy = text_or(spec, "pull_policy", "missing");
  const Json& digest = get(parts.context, "registry_digest");
  const bool is_there = !get(parts.context, "image_id").is_null();
  const bool is_old = !digest.is_null() && get(parts.context, "is_newest") != true;
  const bool unsure = policy == "always" && digest.is_null();
  if (policy == "never" || (is_there && !is_old && !unsure)) return;
  const std::string image = text_or(spec, "image");
  add_fetch(parts, image, {{"always", unsure}, {"digest", digest}});
  add_data_check(parts, image);
}

// Whether they are there is only seen when they are fetched.
void add_mounted_images(ServiceParts& parts) {
  for (const Json& volume : get(parts.lowering.desired->spec, "volumes")) {
    if (text_or(volume, "type") != "image") continue;
    add_fetch(parts, text_or(volume, "source"), Json::object());
  }
}

void add_build(ServiceParts& parts) {
  const Json& spec = parts.lowering.desired->spec;
  if (!get(parts.context, "image_id").is_null()) return;
  const std::string image = text_or(spec, "image");
  const Json& build = get(spec, "build");
  Json labels = get(build, "labels").is_object() ? get(build, "labels") : Json::object();
  labels[std::string(k_build_label)] = get(build, "digest");
  labels[std::string(k_project_label)] = parts.stack.project;
  labels[std::string(k_service_label)] = parts.replica().service;
  Step& step = parts.steps.add("build",
                               "build " + image,
                               {{"image", image},
                                {"build", build},
                                {"labels", std::move(labels)},
                                {"logins", parts.stack.registries},
                                {"platform", text_or(spec, "platform")}});
  step.prepares = true;
  step.timeout = k_build_timeout;
  step.lane = fmt::format("docker/pull/{}/{}", parts.stack.endpoint, image);
  add_data_check(parts, image);
}

Step* add_hooks(ServiceParts& parts,
                const std::string& key,
                std::string_view title,
                const std::string& container) {
  static const Json k_no_spec;
  const Resource* resource = parts.lowering.desired;
  const Json& hooks = get(resource != nullptr ? resource->spec : k_no_spec, key);
  if (hooks.empty()) return nullptr;
  Step& step = parts.steps.add(key,
                               fmt::format("{} {}", title, parts.service()),
                               {{"container", container}, {"hooks", hooks}});
  step.timeout = k_hook_timeout * static_cast<int>(hooks.size());
  return &step;
}

}  // namespace

milliseconds stop_timeout(const Json& context) {
  constexpr std::int64_t k_usual = 10;
  return seconds{as_integer(get(context, "stop_timeout")).value_or(k_usual)} + k_engine_grace;
}

ServiceParts::ServiceParts(const Lowering& l)
    : lowering(l),
      stack(read_stack(l.scope)),
      context(context_of(l, stack)),
      final_name(text_or(context, "final_name")),
      id(text_or(context, "id")),
      name(text_or(context, "name")),
      running(get(context, "running") == true),
      steps(stack, l.change.address, l.live) {}

Replica ServiceParts::replica() const {
  static const Json k_no_spec;
  return replica_of(service(), lowering.desired != nullptr ? lowering.desired->spec : k_no_spec);
}

void add_image(ServiceParts& parts) {
  if (get(parts.lowering.desired->spec, "build").is_null()) {
    add_pull(parts);
  } else {
    add_build(parts);
  }
  add_mounted_images(parts);
}

Step& add_create(ServiceParts& parts, const std::string& name) {
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

void add_files(ServiceParts& parts, const std::string& container) {
  Json files = files_to_place(parts.lowering.desired->spec);
  if (files.empty()) return;
  const std::string title =
      fmt::format("put {} into {}", count_of(files.size(), "file"), parts.final_name);
  Step& step =
      parts.steps.add("place", title, {{"container", container}, {"files", std::move(files)}});
  if (container != parts.final_name) step.group = parts.group();
}

void add_dependency_waits(ServiceParts& parts) {
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

Step& add_start(ServiceParts& parts, const std::string& container) {
  return parts.steps.add(
      "start", "start " + container, {{"container", container}, {"old", parts.id}});
}

Step* add_post_start(ServiceParts& parts, const std::string& container) {
  return add_hooks(parts, "post_start", "run its commands after the start of", container);
}

Step* add_pre_stop(ServiceParts& parts, const std::string& container) {
  return add_hooks(parts, "pre_stop", "run its commands before the end of", container);
}

// The seals are those that the container's last words are cleaned of when it fails.
Step& add_wait(ServiceParts& parts, const std::string& container) {
  const Json& spec = parts.lowering.desired->spec;
  const Json& monitor = get(get(spec, "update_config"), "monitor");
  Json seals = Json::array();
  collect_seals(spec, seals);
  Step& step = parts.steps.add(
      "wait",
      fmt::format("wait until {} works", parts.service()),
      {{"container", container}, {"secrets", std::move(seals)}, {"monitor", monitor}});
  step.timeout =
      wait_timeout(spec, parts.context) +
      std::chrono::ceil<milliseconds>(std::chrono::nanoseconds{as_integer(monitor).value_or(0)});
  return step;
}

void add_removal(ServiceParts& parts, const std::string& id, const std::string& name) {
  Step& step = parts.steps.add(
      "remove",
      "remove container " + name,
      {{"container", id},
       {"name", name},
       {"file_volumes", id == parts.id ? get(parts.context, "file_volumes") : Json()}});
  step.timeout = stop_timeout(parts.context);
}

void add_leftovers(ServiceParts& parts) {
  for (const Json& leftover : get(parts.context, "leftovers")) {
    add_removal(parts, text_or(leftover, "id"), text_or(leftover, "name"));
  }
}

}  // namespace aegis::docker
