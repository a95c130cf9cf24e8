#pragma once

#include "kinds/kind.h"

namespace aegis {

/// A name in a zone at Cloudflare with its records: an entry of `dns.*.records`.
const Kind& record_kind();

}  // namespace aegis
