#include "monitoring/program_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/units.h"
#include "monitoring/checks.h"

namespace aegis::monitoring {
namespace {

using Words = std::vector<std::string>;

constexpr const char* k_check_script = R"sh(#!/bin/sh
# Runs a check and leaves what it finds where the node exporter reads it:
#   check NAME TIMEOUT SECONDS LABELS PROGRAM [ARGUMENT...]
# What it finds is good for so many seconds.
# A number that the program prints is the check's value; metrics that it prints are kept.
set -u
file=/var/lib/prometheus/node-exporter/aegisctl_check_$1.prom
timeout=$2 seconds=$3 labels=$4
shift 4
begin=$(date +%s%N)
if out=$(timeout "$timeout" "$@"); then success=1; else success=0; fi
took=$((($(date +%s%N) - begin) / 1000000))
{
  echo "probe_success{$labels} $success"
  echo "probe_duration_seconds{$labels} $((took / 1000)).$(printf %03d $((took % 1000)))"
  echo "check_valid_until_seconds{$labels} $(($(date +%s) + seconds))"
  printf '%s\n' "$out" | sed -nE "s/^ *([-+]?[0-9]+([.][0-9]+)?) *\$/\1/p" | head -n 1 |
    sed "s|^|check_value{$labels} |"
  printf '%s\n' "$out" | grep -E '^[a-zA-Z_:][a-zA-Z0-9_:]*([{][^{}]*[}])? [-+0-9.eE]+$'
} > "$file.new"
chmod 0644 "$file.new" && mv -f "$file.new" "$file"
)sh";

constexpr const char* k_docker_script = R"sh(#!/bin/sh
# Prints when each container was started. Fails when one is unhealthy, or when the one that is named does not run.
set -eu
filter=${1:+name=^/$1\$}
running=$(docker ps --quiet ${filter:+--filter "$filter"})
[ -z "${1:-}" ] || [ -n "$running" ]
for id in $running; do
  docker inspect --format '{{slice .Name 1}} {{.State.StartedAt}}' "$id"
done | while read -r name started; do
  echo "container_start_time_seconds{name=\"$name\"} $(date --date "$started" +%s)"
done
unhealthy=$(docker ps --quiet --filter health=unhealthy ${filter:+--filter "$filter"})
[ -z "$unhealthy" ]
)sh";

Words command(const Json& settings) {
  const Json& run = settings.at("run");
  Words words = run.is_array() ? run.get<Words>() : Words{"/bin/sh", "-c", as_text(run)};
  if (!settings.contains("user")) return words;
  Words as_user{"runuser", "-u", text_or(settings, "user"), "--"};
  as_user.insert(as_user.end(), words.begin(), words.end());
  return as_user;
}

Words postgres(const Json& settings) {
  const std::string user = text_or(settings, "user", "postgres");
  Words words{"runuser", "-u", user, "--", "psql"};
  if (settings.contains("container")) {
    words = {"docker", "exec", text_or(settings, "container"), "psql", "--username", user};
  }
  // -X: nobody's own settings; -At: the bare value.
  for (const std::string& word : {std::string("--dbname"),
                                  text_or(settings, "database", "postgres"),
                                  std::string("-XAtc"),
                                  text_or(settings, "query", "SELECT 1")}) {
    words.push_back(word);
  }
  return words;
}

Words docker(const Json& settings) {
  Words words{fmt::format("{}/check-docker", k_scripts_folder)};
  if (settings.contains("container")) words.push_back(text_or(settings, "container"));
  return words;
}

// One at an address is the blackbox exporter's.
Words redis(const Json& settings) {
  if (!settings.contains("container")) return {};
  return {"/bin/sh",
          "-c",
          R"sh([ "$(docker exec "$0" redis-cli PING)" = PONG ])sh",
          text_or(settings, "container")};
}

Words unit(const Json& settings) {
  return {"systemctl", "is-active", "--quiet", text_or(settings, "name")};
}

constexpr std::pair<std::string_view, Words (*)(const Json&)> k_programs[]{{"command", command},
                                                                           {"docker", docker},
                                                                           {"postgres", postgres},
                                                                           {"redis", redis},
                                                                           {"unit", unit}};

}  // namespace

bool is_program_check(const Json& check) {
  return !program_of(check).empty();
}

Words program_of(const Json& check) {
  for (const auto& [type, words] : k_programs) {
    if (check.contains(type)) return words(check.at(std::string(type)));
  }
  return {};
}

std::string interval_of(const Json& check) {
  return text_or(check, "interval", "1m");
}

std::string timeout_of(const Json& check) {
  const auto interval = parse_duration(text_or(check, "interval"));
  const bool is_frequent = interval && *interval < *parse_duration(k_usual_timeout);
  return text_or(check, "timeout", is_frequent ? text_or(check, "interval") : k_usual_timeout);
}

std::string labels_text(const std::string& name, const Json& check) {
  std::string text = fmt::format("check=\"{}\",type=\"{}\"", name, type_of_check(check));
  if (check.contains("of")) text += fmt::format(",resource=\"{}\"", text_or(check, "of"));
  return text;
}

std::string check_script() {
  return k_check_script;
}

std::string docker_script() {
  return k_docker_script;
}

}  // namespace aegis::monitoring
