#include <fmt/format.h>

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "manifest/os_composed.h"
#include "manifest/timed_units.h"
#include "manifest/unit_text.h"

namespace aegis {
namespace {

// One for all windows: no two tasks of a system run at the same time.
constexpr std::string_view k_lock = "/run/aegisctl-maintenance.lock";
constexpr const char* k_grace = "30s";  // between being asked to end and being killed

/// One window: a timer, a service that it starts and that wants those of the tasks, and a service a
/// task, each after the one before, whether that failed or not.
class Window {
 public:
  Window(const YamlNode::Member& entry, const Json& spec, Reading& reading)
      : entry_(entry),
        spec_(spec),
        reading_(reading),
        unit_(fmt::format("maintenance-{}", entry.key)) {}

  void compose(std::vector<Resource>& resources) {
    check_schedule(*entry_.value->find("schedule"), reading_);
    const YamlNode& tasks = *entry_.value->find("tasks");
    for (std::size_t i = 0; i < tasks.items.size(); ++i) {
      add_task(tasks.items[i], get(spec_, "tasks")[i], resources);
    }
    const std::string text = oneshot_text(
        fmt::format("Maintenance {}", entry_.key), wants_, "ExecStart=/bin/true\n", Json());
    resources.push_back(composed_unit(unit_ + ".service", text, entry_, reading_));
    const bool catches_up = get(spec_, "catch_up") == true;
    resources.push_back(composed_timer(unit_, entry_, spec_, catches_up, reading_));
  }

 private:
  void add_task(const YamlNode& task, const Json& spec, std::vector<Resource>& resources) {
    const std::string name = text_or(spec, "name");
    if (!names_.insert(name).second) {
      reading_.error(task.find("name")->where,
                     "one task twice",
                     fmt::format("`{}` is a task of this window already.", name));
      return;
    }
    const std::string service = fmt::format("{}-{}.service", unit_, name);
    const std::string after = before_.empty() ? "" : fmt::format("After={}\n", before_);
    Json settings = spec;
    if (spec_.contains("on_failure")) settings["on_failure"] = spec_["on_failure"];
    const std::string text = oneshot_text(fmt::format("Maintenance {}: {}", entry_.key, name),
                                          after,
                                          run_lines(task, spec),
                                          settings);
    resources.push_back(composed_unit(service, text, entry_, reading_));
    wants_ += fmt::format("Wants={}\n", service);
    before_ = service;
  }

  // The time counts from when the lock is there. Whoever the task runs as, the lock is root's.
  std::string run_lines(const YamlNode& task, const Json& spec) {
    const auto limit = parse_duration(text_or(spec, "timeout", "1h"));
    const auto seconds =
        std::chrono::ceil<std::chrono::seconds>(limit.value_or(std::chrono::hours{1}));
    std::vector<std::string> words{"/usr/bin/flock",
                                   std::string(k_lock),
                                   "/usr/bin/timeout",
                                   fmt::format("--kill-after={}", k_grace),
                                   fmt::format("{}", seconds.count())};
    for (std::string& word : checked_command(*task.find("command"), reading_)) {
      words.push_back(std::move(word));
    }
    return fmt::format("ExecStartPre=+/usr/bin/touch {}\nExecStart={}\nTimeoutStartSec=infinity\n",
                       k_lock,
                       exec_words(words));
  }

  const YamlNode::Member& entry_;
  const Json& spec_;
  Reading& reading_;
  std::string unit_;
  std::string wants_;   ///< lines
  std::string before_;  ///< the service of the last task
  std::set<std::string> names_;
};

}  // namespace

std::vector<Resource> compose_maintenance(const YamlNode::Member& section,
                                          const Json& spec,
                                          Reading& reading) {
  std::vector<Resource> resources;
  for (const YamlNode::Member& entry : section.value->members) {
    Window(entry, get(spec, entry.key), reading).compose(resources);
  }
  return resources;
}

}  // namespace aegis
