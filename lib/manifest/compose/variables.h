#pragma once

#include "manifest/compose/stack.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

/// The variables that the files of a stack may refer to. By falling rank: COMPOSE_PROJECT_NAME, the
/// stack's own `environment`, the process environment, the files of variables (later ones first).
/// A listed file that is missing or broken is an error; `.env` is read only when no file is listed,
/// and not at all when COMPOSE_DISABLE_ENV_FILE is 1 or true.
Variables read_variables(const StackInput& input,
                         const Environment& process,
                         Diagnostics& diagnostics);

/// A file of variables, and where it is named.
struct VariableFile {
  std::filesystem::path path;
  SourceSpan named_at;
};

/// `outer`, and behind it the variables in `files`, later ones first. A file that is missing or
/// broken is an error that starts with `named_by`.
Variables with_files(const Variables& outer,
                     const std::vector<VariableFile>& files,
                     const std::string& named_by,
                     Diagnostics& diagnostics);

}  // namespace aegis::compose
