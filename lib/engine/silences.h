#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/alerting.h"
#include "model/desired.h"

namespace aegis {

/// The addresses that alerts about `subject` ("container/web", "stack/core/service/db") may carry:
/// itself, and what it holds: a container its stacks and its operating system, a server all that
/// runs on it. Sorted. Nothing when the manifests have no such thing.
std::vector<std::string> held_addresses(const std::string& subject, const Desired& desired);

/// What silences the alerts whose `resource` is one of `addresses` or in one. Id and times are
/// still empty.
Silence silence_of_resources(const std::vector<std::string>& addresses);

/// What silences the alerts of the node exporters that are called like a container or server among
/// `addresses`; nothing when none is.
std::optional<Silence> silence_of_systems(const std::vector<std::string>& addresses,
                                          const Alerting& alerting);

/// What silences all alerts about `subject`: those whose `resource` is one of its addresses or in
/// one, and those of the node exporters that are called like a container or server among them. Ids
/// and times are still empty. Nothing when the manifests have no such thing.
std::vector<Silence> silences_for(const std::string& subject,
                                  const Desired& desired,
                                  const Alerting& alerting);

}  // namespace aegis
