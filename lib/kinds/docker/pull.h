#pragma once

#include <map>
#include <string>
#include <string_view>

#include "kinds/docker/api.h"
#include "kinds/docker/message_stream.h"

namespace aegis::docker {

/// What a pull tells while it runs.
class PullStream {
 public:
  /// Takes the next piece of the body, however it is cut.
  void add(std::string_view piece);

  /// The engine's error, or empty.
  [[nodiscard]] const std::string& error() const { return error_; }

  /// A line for people on how far it is: "pulling redis:7: 3 of 8 layers".
  [[nodiscard]] std::string progress(std::string_view image) const;

 private:
  void take(const Json& message);

  MessageStream messages_;
  std::string error_;
  std::map<std::string, bool> layers_;  ///< by id: complete?
};

/// Pulls input.image with input.login (a seal, or null), unless it is there already. There means:
/// with the digest input.digest, when that is told; and never when input.always is true.
Result<Json> pull_image(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
