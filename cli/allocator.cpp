#include "allocator.h"

#ifdef AEGIS_MIMALLOC
#include <mimalloc.h>
#endif

namespace aegis {

// A plan's values live to its end, so pages that are given back in between only fault in again. Of
// many values each is a walk through small nodes, for which large pages are found faster.
void keep_memory() {
#ifdef AEGIS_MIMALLOC
  mi_option_disable(mi_option_allow_decommit);
  mi_option_enable(mi_option_large_os_pages);
#endif
}

}  // namespace aegis
