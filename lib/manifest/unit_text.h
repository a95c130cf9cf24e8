#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace aegis {

/// `text` as it stands in a unit file of systemd: "%" begins nothing there.
std::string unit_escaped(const std::string& text);

/// The words of a program as they stand behind ExecStart=, each in quotes, so that systemd replaces
/// nothing in them.
std::string exec_words(const std::vector<std::string>& words);

/// The words of a field that takes either the words of a program, or a text for /bin/sh.
std::vector<std::string> command_words(const Json& command);

}  // namespace aegis
