#pragma once

#include <string_view>

#include "kinds/kind.h"
#include "kinds/proxmox/guest_steps.h"

namespace aegis::proxmox {

/// Lines of LXC in a container's configuration file ("lxc.idmap: u 0 100000 65536"). Proxmox shows
/// them and has no parameter that sets them, so they are written into the file by root's shell on
/// the node. They are only looked at where the manifest has `lxc`.

/// The attribute.
inline constexpr std::string_view k_raw_lines = "lxc";

/// The lines in their one form, a list of objects with one member; null for null. Takes what a
/// manifest has and what Proxmox tells ([["lxc.idmap", "u 0 ..."]]).
Json shape_of_raw_lines(const Json& lines);

/// True when the manifest says what raw lines the container has.
bool declares_raw_lines(const Resource& resource);

/// The query whose reply has the raw lines of a container.
Query raw_lines_query(std::string_view endpoint, std::string_view node, std::int64_t vmid);

/// The step that writes them into the file of the container, which must not run: they are in force
/// at its next start. Nothing when they do not change. In a group it has an undo.
void add_raw_lines(const Lowering& lowering, StepChain& chain);

/// What such a step does, and its undo. Fails with `conflict` when the lines are neither what the
/// plan saw nor what is to be, and with `rejected` when Proxmox does not take one of them; then the
/// file is as it was.
Result<Json> write_raw_lines(const Step& step, Effects& effects);
Result<Json> write_raw_lines_back(const Step& step, Effects& effects);

}  // namespace aegis::proxmox
