#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kinds/docker/api.h"
#include "kinds/docker/message_stream.h"

namespace aegis::docker {

/// The label of an image that says what it was built from: `digest` of its service's build.
inline constexpr std::string_view k_build_label = "io.aegisctl.build";

/// True when the image `inspect` (null: there is none) was built from what `build` of a service's
/// spec says now.
bool is_built_from(const Json& inspect, const Json& build);

/// What a build tells while it runs.
class BuildStream {
 public:
  /// Takes the next piece of the body, however it is cut.
  void add(std::string_view piece);

  /// The engine's error, or empty.
  [[nodiscard]] const std::string& error() const { return error_; }

  /// The last lines that the build printed, at most 20.
  [[nodiscard]] std::string last_lines() const;

  /// The last step that began, "Step 3/7 : RUN make"; empty before the first.
  [[nodiscard]] const std::string& step() const { return step_; }

 private:
  void take(const Json& message);

  MessageStream messages_;
  std::string error_;
  std::string step_;
  std::string line_;  ///< printed, and not yet at its end
  std::vector<std::string> lines_;
};

/// Builds input.image from input.build, labelled with input.labels, unless it is there already; the
/// registries that it fetches from get input.logins {registry: seal}.
/// Fails with `conflict` when the folder does not hold any more what was planned, and with the
/// build's last lines when it fails.
Result<Json> build_image(const Step& step, const EngineClient& client);

}  // namespace aegis::docker
