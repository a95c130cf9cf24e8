#pragma once

#include <string>

namespace CLI {
class App;
}

namespace aegis {

/// What may have been meant by the first word of a refused command line that `app` does not know,
/// command or option, as one line; empty when it knows them all.
std::string usage_hint(const CLI::App& app, int argc, const char* const* argv);

}  // namespace aegis
