#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aegis {

/// `word` so that a POSIX shell reads it as that one word: as it is when no shell could take it
/// for anything else, in single quotes otherwise.
std::string quote_word(std::string_view word);

/// The command line whose words are exactly `words`. The only place where one is built. A
/// `rejected` error when there is no word, or when one holds a NUL byte, which no program can be
/// given.
Result<std::string> command_line(std::span<const std::string> words);

}  // namespace aegis
