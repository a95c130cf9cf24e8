#pragma once

#include "manifest/section_reader.h"

namespace aegis {

/// Checks what the schema of the section `alerts` cannot say of it (`mapping`; `alerts` is its
/// value, with seals): words of rules and their thresholds, one type a check, channels and
/// resources that are named and not there, secrets in plain text.
void check_alerts(const YamlNode& mapping, const Json& alerts, Reading& reading);

}  // namespace aegis
