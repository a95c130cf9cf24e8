#pragma once

namespace aegis {

/// Tells the allocator that this process needs what it has taken until it ends. To be called first;
/// does nothing in a build without mimalloc.
void keep_memory();

}  // namespace aegis
