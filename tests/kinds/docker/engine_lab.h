#pragma once

#include <string>

#include "model/endpoint.h"
#include "rig.h"
#include "support/private_dockerd.h"
#include "transport/doors.h"

namespace aegis::docker {

/// One real engine for all tests of the program, with the image "demo:1" (ENV, WORKDIR, LABEL,
/// EXPOSE and a VOLUME of its own) and "plain:1" (nothing of its own).
test::PrivateDockerd& engine();

/// The doors to it, and its endpoint's name.
struct EngineDoors {
  EngineDoors();
  std::string endpoint;
  transport::SystemDoors doors;
};

/// A rig over it. Its destructor removes every container, volume and network that is there.
class Lab {
 public:
  Lab();
  ~Lab();

  Rig rig;

 private:
  static EngineDoors& shared_doors();
};

}  // namespace aegis::docker
