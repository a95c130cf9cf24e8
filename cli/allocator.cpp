#include "allocator.h"

#ifdef AEGIS_MIMALLOC
#include <mimalloc.h>
#endif

namespace aegis {

// A plan's values live to its end, so pages that are given back in between only fault in again.
void keep_memory() {
#ifdef AEGIS_MIMALLOC
  mi_option_disable(mi_option_allow_decommit);
#endif
}

}  // namespace aegis
