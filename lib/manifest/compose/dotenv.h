#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

enum class DotenvFormat {
  quoted,  ///< quotes, escapes, comments and references to variables
  raw,     ///< NAME=value lines, the value exactly as it stands
};

struct DotenvEntry {
  std::string name;
  std::optional<std::string> value;  ///< nothing: a name alone, whose variable is not set
  Secrecy secrecy = Secrecy::none;   ///< by the name, and by the variables in the value
  SourceSpan where;
};

/// The variables in the text of an environment file, in its order. References are looked up in
/// `variables` first, then among the names defined earlier in the file; a name alone takes the
/// value of that variable. Mistakes are errors with their line; a value never goes into a message.
std::vector<DotenvEntry> parse_dotenv(std::string_view text,
                                      const std::string& file,
                                      DotenvFormat format,
                                      const Variables& variables,
                                      Diagnostics& diagnostics);

}  // namespace aegis::compose
