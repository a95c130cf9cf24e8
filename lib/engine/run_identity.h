#pragma once

#include <string>

namespace aegis {

/// Which run this is, in journals and locks.
struct RunIdentity {
  std::string run;  ///< random, lower-case letters and digits only
  std::string who;  ///< "user@machine (pid 4711)"
};

/// An identity for this process: a new random id, and who runs it as far as the operating system
/// tells ("?" for what it does not).
RunIdentity identify_run();

}  // namespace aegis
