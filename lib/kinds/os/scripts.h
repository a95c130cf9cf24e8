#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "effects/effects.h"
#include "model/plan.h"

namespace aegis::os {

/// One of our scripts with what it is given.
struct ScriptCall {
  std::string_view script;         ///< follows the words that all scripts begin with
  std::vector<std::string> words;  ///< its $1, $2, ...: names and numbers, never secrets
  std::string input;               ///< its standard input: contents, which may be secret
};

/// Runs the script in the shell of `step` (input.shell), for at most step.timeout. What it prints;
/// its own words as a `conflict` when it ends with status 9 (the world is not as planned), as
/// `rejected` with another. All scripts may be run again, so a lost answer is followed by one more
/// run.
Result<std::string> run_script(const ScriptCall& call, const Step& step, Effects& effects);

/// The short name under which the scripts keep what belongs to `path`.
std::string mark_of(const std::string& path);

/// Writes a file: whole or not at all. Words: path, owner:group, mode, size of the content, mark,
/// inventory's key and value, "quiet" or "", the effects that it has (kinds/os/effects.h) with
/// blanks between, and the words of a check with their "%s" filled in by checked_path(). Input: a
/// line with the digest of what was seen there ("-": nothing was), then the content.
extern const std::string_view k_write_file;
/// Where the new content of `path` lies while it is checked: under its own name.
std::string checked_path(const std::string& path);
/// Removes a file. Words: path, mark, inventory's key, its value when something of that key stays,
/// and the effects that it has, with blanks between. Input: as above, without content.
extern const std::string_view k_remove_file;
/// Undoes k_remove_file. Words: path, mark, inventory's key and value. Input: as above.
extern const std::string_view k_bring_back_file;
/// Undoes k_write_file. Words: path, owner:group and mode from before, mark, inventory's key, and
/// its value from before or "". Input: the line with the digest of what was seen there, and one
/// with that of what was written.
extern const std::string_view k_restore_file;
/// Makes a directory, or gives it its owner and mode. Words: path, owner:group, mode, inventory's
/// key and value.
extern const std::string_view k_make_directory;
/// Removes directories that are empty, and forgets all. Words: inventory's key and the path of
/// each, in the order in which they go. Prints "kept" when the last one is not empty.
extern const std::string_view k_remove_directory;
/// Writes down that something is ours. Words: inventory's key and value.
extern const std::string_view k_record;

}  // namespace aegis::os
