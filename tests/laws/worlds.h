#pragma once

#include <memory>

#include "laws/laws.h"

namespace aegis::laws {

/// A simulated Proxmox host with an operating system of its own, a Docker engine in memory
/// ("docker/unix:/run/fake.sock"), and Cloudflare in memory behind one door, for stories in which
/// all take part. The engine has the images "demo/web:1", "demo/web:2" and "demo/db:1"; it is the
/// one manager of a Swarm, whose images are "demo/app:1" and "demo/app:2". The zone is example.net.
std::unique_ptr<LawWorld> make_golden_world();

}  // namespace aegis::laws
