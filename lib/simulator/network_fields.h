#pragma once

#include <vector>

#include "simulator/schema.h"

namespace aegis::simulator {

/// The parameters of the calls of /nodes/{node}/network.
struct NetworkFields {
  std::vector<Field> node;  ///< of the calls on all interfaces
  std::vector<Field> list;
  std::vector<Field> item;  ///< of the calls that only name one
  std::vector<Field> create;
  std::vector<Field> update;
};

/// They live as long as the program.
const NetworkFields& network_fields();

}  // namespace aegis::simulator
