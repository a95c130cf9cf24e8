#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace aegis::monitoring {

/// Where the scripts of checks are, on the system that `on` names.
constexpr const char* k_scripts_folder = "/usr/local/lib/aegisctl-checks";

/// True for a check that is a program run on that system, rather than one of the blackbox
/// exporter's.
bool is_program_check(const Json& check);

/// The words of the program whose success is the check's.
std::vector<std::string> program_of(const Json& check);

/// How often a program's check is made: a time as systemd reads it.
std::string interval_of(const Json& check);

/// How long a check may take when nothing is said of it.
constexpr const char* k_usual_timeout = "10s";

/// How long a check of any kind may take, in the same form: never longer than its own interval,
/// because Prometheus drops such a target without a word.
std::string timeout_of(const Json& check);

/// The labels of the check's series, as they stand between the braces: check, type and, where the
/// check belongs to something, resource.
std::string labels_text(const std::string& name, const Json& check);

/// The script `check NAME TIMEOUT SECONDS LABELS PROGRAM [ARGUMENT...]`: it runs the program, and
/// writes probe_success, probe_duration_seconds, check_valid_until_seconds (SECONDS from now), a
/// number that was printed as check_value, and metrics that were printed, into a file that the node
/// exporter of Debian reads.
std::string check_script();

/// The script `check-docker [CONTAINER]`: prints when each container was started, and fails when
/// one is not healthy, or when the one that is named does not run.
std::string docker_script();

}  // namespace aegis::monitoring
