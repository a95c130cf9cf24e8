#pragma once

#include <vector>

#include "kinds/proxmox/host_view.h"
#include "kinds/query.h"
#include "model/backup.h"
#include "model/coverage.h"
#include "model/desired.h"

namespace aegis::proxmox {

/// What to read next to know how every declared guest is backed up: two waves.
std::vector<Query> coverage_queries(const Desired& desired, const Replies& replies);

/// How every declared guest is backed up, by the live jobs and the backups that are there.
/// `backups` gives the objectives.
CoverageReport coverage_of(const Desired& desired, const Backups& backups, const Replies& replies);

/// The list of a declared guest's snapshots.
Query snapshots_query(const HostQueries& host, const Resource& guest);

/// The snapshots in that list, newest first, without what is none: the present state, and what a
/// running backup makes.
std::vector<Copy> snapshots_in(const Json& list);

}  // namespace aegis::proxmox
