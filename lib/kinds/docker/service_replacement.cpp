#include "kinds/docker/service_replacement.h"

#include <fmt/format.h>

#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

constexpr std::size_t k_short_id = 12;

Step& in_group(ServiceParts& parts, Step& step, std::string_view undo, Disruption disruption) {
  step.group = parts.group();
  step.undo = undo;
  step.disruption = disruption;
  return step;
}

void add_to_group(ServiceParts& parts, Step* step, Disruption disruption) {
  if (step != nullptr) in_group(parts, *step, "", disruption);
}

// What it takes to find the old container, to move it aside and to bring it back.
Json old_container(const ServiceParts& parts) {
  return {{"container", parts.id},
          {"name", parts.name},
          {"aside", fmt::format("{}_old_{}", parts.id.substr(0, k_short_id), parts.final_name)},
          {"restart", get(parts.context, "restart")}};
}

void add_exchange_of_names(ServiceParts& parts,
                           const std::string& candidate,
                           Disruption disruption) {
  in_group(parts,
           parts.steps.add("park", "move the old container aside", old_container(parts)),
           "unpark",
           disruption);
  const Json swap = {{"candidate", candidate}, {"name", parts.final_name}, {"old", parts.id}};
  in_group(parts,
           parts.steps.add("promote", "put the new container in its place", swap),
           "demote",
           disruption);
}

// Nothing of the old container is touched before the new one is known to work beside it.
void add_start_first(ServiceParts& parts, const std::string& candidate) {
  in_group(parts, add_start(parts, candidate), "", Disruption::none);
  add_to_group(parts, add_post_start(parts, candidate), Disruption::none);
  in_group(parts, add_wait(parts, candidate), "", Disruption::none);
  add_exchange_of_names(parts, candidate, Disruption::reload);
}

void add_stop_first(ServiceParts& parts, const std::string& candidate) {
  constexpr auto k_restart = Disruption::restart_service;
  if (parts.running) {
    add_to_group(parts, add_pre_stop(parts, parts.id), Disruption::none);
    Step& stop = parts.steps.add("stop", "stop " + parts.name, old_container(parts));
    stop.timeout = stop_timeout(parts.context);
    in_group(parts, stop, "start_again", k_restart);
  }
  add_exchange_of_names(parts, candidate, k_restart);
  in_group(parts, add_start(parts, parts.final_name), "stop_started", k_restart);
  add_to_group(parts, add_post_start(parts, parts.final_name), k_restart);
  in_group(parts, add_wait(parts, parts.final_name), "", k_restart);
}

// Those with depends_on.restart. What they are wanted to be is their own business.
void add_restarts_of_dependents(ServiceParts& parts) {
  for (const Json& dependent : get(parts.context, "restarted_dependents")) {
    const std::string container = text_or(dependent, "container");
    Step& step = parts.steps.add(
        "restart",
        fmt::format(
            "restart {}, which depends on {}", text_or(dependent, "service"), parts.service()),
        {{"container", container},
         {"after", {parts.final_name}},
         {"pre_stop", get(dependent, "pre_stop")},
         {"post_start", get(dependent, "post_start")}});
    step.timeout = stop_timeout(parts.context);
    step.disruption = Disruption::restart_service;
  }
}

// Before the next of the service's containers is replaced: what an update does shows only after a
// while.
void add_pause(ServiceParts& parts) {
  const Json& spec = parts.lowering.desired->spec;
  const Json& delay = get(get(spec, "update_config"), "delay");
  if (delay.is_null() || get(get(spec, "replica"), "is_followed") != true) return;
  Step& step = parts.steps.add(
      "pause",
      fmt::format("wait {} before the next container", duration_text(delay).get<std::string>()),
      {{"nanoseconds", delay}});
  step.timeout += std::chrono::ceil<std::chrono::milliseconds>(
      std::chrono::nanoseconds{integer_or_zero(delay)});
}

}  // namespace

void lower_replacement(ServiceParts& parts) {
  const std::string candidate =
      fmt::format("{}_{}", parts.id.substr(0, k_short_id), parts.final_name);
  add_image(parts);
  Step& create = add_create(parts, candidate);
  create.group = parts.group();
  create.undo = "discard";
  add_files(parts, candidate);
  add_dependency_waits(parts);
  const bool starts_first = get(parts.context, "starts_first") == true;
  if (starts_first) {
    add_start_first(parts, candidate);
  } else {
    add_stop_first(parts, candidate);
  }
  if (parts.running && starts_first) add_pre_stop(parts, parts.id);
  add_restarts_of_dependents(parts);
  add_removal(parts, parts.id, "the old " + parts.final_name);
  add_leftovers(parts);
  add_pause(parts);
}

}  // namespace aegis::docker
