#pragma once

#include "effects/effects.h"
#include "kinds/kind.h"

namespace aegis::proxmox {

/// Kind::perform of a container. Operations: check_template, create, configure, resize, start,
/// shutdown, reboot, destroy. Each succeeds when its end is already there.
Result<Json> perform_container(const Step& step, const Outputs& outputs, Effects& effects);

/// Makes the container by input.form (secrets as seals, opened at the moment of use).
Result<Json> create_container(const Step& step, Effects& effects);

/// Sets, deletes and reverts configuration keys, and grows a disk.
Result<Json> configure_container(const Step& step, Effects& effects);
Result<Json> resize_disk(const Step& step, Effects& effects);

/// Power. A reboot is made only while something waits for it and never of a locked container, which
/// Proxmox would leave stopped.
Result<Json> start_container(const Step& step, Effects& effects);
Result<Json> shut_container_down(const Step& step, Effects& effects);
Result<Json> reboot_container(const Step& step, Effects& effects);

/// Destroys the container if it carries our tag and is not protected.
Result<Json> destroy_container(const Step& step, Effects& effects);

}  // namespace aegis::proxmox
