#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis::docker {

/// What the engine tells during a long call (a pull, a build): JSON values, one a line, in a body
/// that comes in pieces.
class MessageStream {
 public:
  /// Takes the next piece, however it is cut, and returns the messages that are whole now. Lines
  /// that are no JSON are left out; the last message may come without a line end.
  std::vector<Json> add(std::string_view piece);

 private:
  std::string rest_;
};

/// The engine's error in `message`, or empty: it comes inside the stream, after a success status.
std::string error_in(const Json& message);

}  // namespace aegis::docker
