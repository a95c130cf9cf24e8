#include "kinds/docker/service_notes.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "kinds/docker/reference.h"
#include "kinds/docker/required_api.h"
#include "kinds/docker/update_order.h"

namespace aegis::docker {
namespace {

std::string name_of(const ServiceReading& reading) {
  return reading.resource != nullptr ? reading.resource->address.name : reading.replica.service;
}

class Notes {
 public:
  Notes(const Stack& stack, const ServiceReading& reading)
      : stack_(stack), reading_(reading), who_(fmt::format("Service {}", name_of(reading))) {}

  void of_state() {
    const Json& state = get(*reading_.inspect, "State");
    const std::string status = text_or(state, "Status");
    if (status == "paused") {
      add(Severity::warning,
          "Service is paused",
          "its container is paused and stays so; `docker unpause` lets it run on.");
    } else if (status == "restarting") {
      add(Severity::warning,
          "Service restarts in a loop",
          fmt::format("its container ended with exit code {} and is started again and again; "
                      "`docker logs {}` tells why.",
                      as_integer(get(state, "ExitCode")).value_or(0),
                      text_or(*reading_.inspect, "Name").substr(1)));
    } else if (status == "running" && text_or(get(state, "Health"), "Status") == "unhealthy") {
      add(Severity::warning, "Service is unhealthy", "its health check fails.");
    }
  }

  void of_foreign_networks(const std::vector<std::string>& networks) {
    if (networks.empty()) return;
    add(Severity::note,
        "Service is on networks of others",
        fmt::format("its container was attached to {} by somebody else, and stays so.",
                    list_words(networks)));
  }

  // A path of this machine means something else, or nothing, where the engine runs.
  void of_binds() {
    if (stack_.is_local() || stack_.working_dir.empty()) return;
    for (const Json& volume : get(reading_.resource->spec, "volumes")) {
      const std::string source = text_or(volume, "source");
      const bool is_below =
          source == stack_.working_dir || source.starts_with(stack_.working_dir + "/");
      if (text_or(volume, "type") != "bind" || !is_below) continue;
      add(Severity::warning,
          "Bind mount of a file on this machine",
          fmt::format("{} lies on this machine, but the engine is elsewhere and will look for it "
                      "there. Write an absolute path of the engine's machine, or use a volume.",
                      source));
    }
  }

  void of_image() {
    const Json& spec = reading_.resource->spec;
    const std::string image = text_or(spec, "image");
    if (text_or(spec, "pull_policy") != "never" || reading_.wanted_image != nullptr) return;
    const bool runs_it =
        reading_.inspect != nullptr &&
        canonical(text_or(get(*reading_.inspect, "Config"), "Image")) == canonical(image);
    if (runs_it) return;
    add(Severity::error,
        "Image is missing and must not be pulled",
        fmt::format("{} is not on the engine, and pull_policy is never. Load or build it there, or "
                    "allow it to be pulled.",
                    image));
  }

  void of_order(const Json& context) {
    const Json& spec = reading_.resource->spec;
    const std::string obstacle = start_first_obstacle(spec, context);
    if (!asks_for_start_first(spec) || obstacle.empty() || reading_.inspect == nullptr) return;
    add(Severity::note,
        "Service cannot start first",
        fmt::format("its new container cannot run beside the old one, because {}: the old one is "
                    "stopped first.",
                    obstacle));
  }

  // Older engines would leave it out without a word.
  void of_newer_features(const Json& context) {
    const auto api = parse_api_version(text_or(context, "api"));
    if (!api) return;
    for (const NewerFeature& feature : newer_features(reading_.resource->spec, *api)) {
      add(Severity::error,
          "Engine is too old",
          fmt::format("`{}` needs an engine that speaks API {} or newer, and this one speaks {}. "
                      "Remove it, or install a newer Docker.",
                      feature.path,
                      to_string(feature.version),
                      to_string(*api)));
    }
  }

  // What is there goes on: only the question whether there is something newer stays open.
  void of_news() {
    if (!reading_.news.problem) return;
    add(Severity::warning,
        "Registry gave no answer",
        fmt::format("whether there is a newer {} is not known: {}.",
                    text_or(reading_.resource->spec, "image"),
                    reading_.news.problem->message));
  }

  Diagnostics take() { return std::move(notes_); }

 private:
  void add(Severity severity, std::string summary, const std::string& detail) {
    Diagnostic note;
    note.severity = severity;
    note.summary = std::move(summary);
    note.detail = fmt::format("{} of stack {}: {}", who_, stack_.name, detail);
    if (reading_.resource != nullptr) note.where = reading_.resource->where;
    notes_.push_back(std::move(note));
  }

  const Stack& stack_;
  const ServiceReading& reading_;
  std::string who_;
  Diagnostics notes_;
};

}  // namespace

Diagnostics service_notes(const Stack& stack,
                          const ServiceReading& reading,
                          const Json& context,
                          const std::vector<std::string>& foreign) {
  Notes notes(stack, reading);
  if (reading.inspect != nullptr) notes.of_state();
  notes.of_foreign_networks(foreign);
  if (reading.resource != nullptr) {
    notes.of_binds();
    // With no networks listed the engine itself was not asked, so nothing is known of its images.
    if (reading.networks != nullptr) notes.of_image();
    notes.of_news();
    notes.of_order(context);
    notes.of_newer_features(context);
  }
  return notes.take();
}

}  // namespace aegis::docker
