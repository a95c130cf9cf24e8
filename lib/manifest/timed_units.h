#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "manifest/section_reader.h"
#include "manifest/yaml.h"

namespace aegis {

/// Reports what systemd would not take for times, of one event or several.
void check_schedule(const YamlNode& schedule, Reading& reading);

/// The words of the program that `command` starts. Reports it when they begin with none.
std::vector<std::string> checked_command(const YamlNode& command, Reading& reading);

/// A service that does its work and ends, with more lines for its sections [Unit] and [Service];
/// `spec` has `user`, `directory` and `on_failure`.
std::string oneshot_text(const std::string& description,
                         const std::string& more_of_unit,
                         const std::string& service_lines,
                         const Json& spec);

/// The timer NAME.timer, which starts NAME.service by the `schedule` of `entry`; `spec` has `delay`
/// and `enabled`. `catches_up`: soon after a start of a system that was down at the time.
Resource composed_timer(const std::string& name,
                        const YamlNode::Member& entry,
                        const Json& spec,
                        bool catches_up,
                        Reading& reading);

}  // namespace aegis
