#pragma once

#include <string>
#include <vector>

namespace aegis {

/// `text` as it stands in a unit file of systemd: "%" begins nothing there.
std::string unit_escaped(const std::string& text);

/// The words of a program as they stand behind ExecStart=, each in quotes, so that systemd replaces
/// nothing in them.
std::string exec_words(const std::vector<std::string>& words);

}  // namespace aegis
