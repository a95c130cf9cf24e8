#pragma once

#include <string>

#include "kinds/kind.h"

namespace aegis {

/// A setting of the kernel as it is in force, addressed by its name as sysctl writes it
/// ("host/fsn1/sysctl/vm.swappiness"). That it stays so after a start is the matter of a file.
/// Nobody owns a setting: one that is no longer declared stays as it is.
const Kind& sysctl_kind();

}  // namespace aegis

namespace aegis::os {

/// Where the kernel shows the setting: "vm.swappiness" is /proc/sys/vm/swappiness, and a slash in
/// a name stands for a dot.
std::string sysctl_path(const std::string& name);

/// A value with one blank between its words, as it is compared.
std::string sysctl_value(const std::string& text);

}  // namespace aegis::os
