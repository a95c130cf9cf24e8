#pragma once

#include <string>

#include "base/json.h"

namespace aegis::monitoring {

/// The types of checks: each check has one of them.
constexpr const char* k_check_types[]{
    "command", "dns", "docker", "http", "icmp", "postgres", "redis", "tcp", "unit"};

/// The type of `check`, or null when it has none or several.
const char* type_of_check(const Json& check);

/// What the blackbox exporter is asked for.
struct Probe {
  std::string module;  ///< its name in blackbox.yml
  Json config;         ///< the module
  std::string target;
};

/// The probe of a check that is no program.
Probe probe_of(const std::string& name, const Json& check);

/// Where the exporter answers, as the system that `on` names sees it: "127.0.0.1:9115".
std::string blackbox_address(const Json& alerts);

/// True when the blackbox exporter makes some of the section's checks.
bool has_probes(const Json& alerts);

/// The blackbox exporter's configuration for the section's checks: one module for all that ask the
/// same ("http_2xx", "icmp"), and one named after the check ("http_shop") for those that want
/// something of their own.
Json blackbox_config(const Json& alerts);

/// The scrape job `checks`, which has the exporter look at every check's target. The series have
/// the labels `check`, `type`, `instance` (what is looked at) and, where the check belongs to
/// something, `resource`: its address in the manifest.
Json checks_job(const Json& alerts);

}  // namespace aegis::monitoring
