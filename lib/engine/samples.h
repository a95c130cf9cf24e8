#pragma once

#include <map>
#include <string>
#include <string_view>

namespace aegis {

/// What a Prometheus exporter says: values by the name of the series, labels included.
using Samples = std::map<std::string, double, std::less<>>;

/// Pure. The samples in the exporter's text; lines that hold none are passed over.
Samples read_samples(std::string_view text);

}  // namespace aegis
