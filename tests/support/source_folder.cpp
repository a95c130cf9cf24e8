#include "support/source_folder.h"

namespace aegis::test {

std::filesystem::path source_folder() {
  return AEGIS_SOURCE_DIR;
}

}  // namespace aegis::test
