#include "manifest/alert_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/units.h"
#include "manifest/os_paths.h"
#include "manifest/unit_text.h"
#include "monitoring/backup_ages.h"
#include "monitoring/program_checks.h"
#include "monitoring/rules.h"

namespace aegis {
namespace {

using monitoring::k_scripts_folder;

constexpr const char* k_header =
    "# Made from the section `alerts` of the manifests: changes made by hand are put right.\n";

// systemd's own notes of every start and end would fill the journal.
constexpr const char* k_service = R"([Unit]
Description={}

[Service]
Type=oneshot
ExecStart={}
SyslogLevel=notice
LogLevelMax=notice
)";

constexpr const char* k_timer = R"([Unit]
Description=When {} runs

[Timer]
OnActiveSec=1s
OnUnitInactiveSec={}
AccuracySec=1s

[Install]
WantedBy=timers.target
)";

double seconds_of(const std::string& duration) {
  return std::chrono::duration<double>(parse_duration(duration).value_or(std::chrono::seconds(0)))
      .count();
}

class Parts {
 public:
  Parts(const SourceSpan& where, Reading& reading) : where_(where), reading_(reading) {
    made_.push_back(part("directory", std::string(k_scripts_folder).substr(1)));
  }

  void add_script(const std::string& name, const std::string& text) {
    const std::string path = fmt::format("{}/{}", k_scripts_folder, name);
    Resource script = part("file", path.substr(1));
    script.spec["mode"] = "0755";
    fill(script, name, text);
  }

  void add_timed(const std::string& name,
                 const std::string& description,
                 const std::vector<std::string>& words,
                 const std::string& interval) {
    Resource service = part("unit", name + ".service");
    fill(service,
         service.address.name,
         k_header + fmt::format(k_service, unit_escaped(description), exec_words(words)));
    Resource timer = part("unit", name + ".timer");
    timer.spec = {{"enabled", true}, {"state", "started"}};
    fill(timer, timer.address.name, k_header + fmt::format(k_timer, name, interval));
  }

  std::vector<Resource> take() { return std::move(made_); }

 private:
  [[nodiscard]] Resource part(const char* kind, const std::string& name) const {
    Resource resource;
    resource.address = {"", kind, name};
    resource.where = where_;
    resource.spec = Json::object();
    return resource;
  }

  void fill(Resource resource, const std::string& shown, const std::string& text) {
    reading_.manifests.alert_files[shown] = text;
    put_file_content(text, false, resource.spec, reading_.vault);
    made_.push_back(std::move(resource));
  }

  const SourceSpan& where_;
  Reading& reading_;
  std::vector<Resource> made_;
};

bool looks_at_backups(const Json& alerts) {
  const Json& rules = get(alerts, "rules");
  const auto items = rules.items();
  return std::any_of(items.begin(), items.end(), [](const auto& rule) {
    const monitoring::RuleWord* word = monitoring::word_of(rule.key(), rule.value());
    return word != nullptr && word->source == monitoring::Source::backups;
  });
}

// By server, the words of its script: five for each guest of an entry that has an objective.
std::map<std::string, std::vector<std::string>> backup_words(const Manifests& manifests) {
  std::map<std::string, std::vector<std::string>> words;
  for (const auto& [entry, backup] : manifests.backups) {
    if (!backup.rpo) continue;
    for (const Address& address : backup.guests) {
      const auto guest = manifests.desired.resources.find(address);
      if (guest == manifests.desired.resources.end()) continue;
      auto& of_server = words[text_or(guest->second.spec, "server")];
      for (const std::string& word : {entry,
                                      to_string(address),
                                      as_text(get(guest->second.spec, "vmid")),
                                      backup.storage,
                                      std::to_string(backup.rpo->count())}) {
        of_server.push_back(word);
      }
    }
  }
  return words;
}

}  // namespace

std::vector<Resource> program_check_resources(const Json& alerts,
                                              const SourceSpan& where,
                                              Reading& reading) {
  const Json& checks = get(alerts, "checks");
  if (std::none_of(checks.begin(), checks.end(), monitoring::is_program_check)) return {};
  Parts parts(where, reading);
  parts.add_script("check", monitoring::check_script());
  const bool asks_docker = std::any_of(
      checks.begin(), checks.end(), [](const Json& check) { return check.contains("docker"); });
  if (asks_docker) parts.add_script("check-docker", monitoring::docker_script());
  for (const auto& [name, check] : checks.items()) {
    if (!monitoring::is_program_check(check)) continue;
    const std::string interval = monitoring::interval_of(check);
    const double timeout = seconds_of(monitoring::timeout_of(check));
    std::vector<std::string> words{
        fmt::format("{}/check", k_scripts_folder),
        name,
        fmt::format("{}", timeout),
        fmt::format("{:.0f}", std::ceil(3 * seconds_of(interval) + timeout)),
        monitoring::labels_text(name, check)};
    for (std::string& word : monitoring::program_of(check)) words.push_back(std::move(word));
    parts.add_timed("aegisctl-check-" + name, "Check " + name, words, interval);
  }
  return parts.take();
}

std::map<std::string, std::vector<Resource>> backup_age_resources(const Json& alerts,
                                                                  const SourceSpan& where,
                                                                  Reading& reading) {
  std::map<std::string, std::vector<Resource>> by_server;
  if (!looks_at_backups(alerts)) return by_server;
  for (const auto& [server, guests] : backup_words(reading.manifests)) {
    Parts parts(where, reading);
    parts.add_script("backup-ages", monitoring::backup_ages_script());
    std::vector<std::string> words{fmt::format("{}/backup-ages", k_scripts_folder)};
    words.insert(words.end(), guests.begin(), guests.end());
    parts.add_timed("aegisctl-backup-ages", "Tells how old the newest backups are", words, "15m");
    by_server[server] = parts.take();
  }
  return by_server;
}

}  // namespace aegis
