#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "effects/effects.h"
#include "model/plan.h"

namespace aegis::docker {

/// A version of the Engine API, "1.41".
struct ApiVersion {
  int major = 1;
  int minor = 41;

  auto operator<=>(const ApiVersion&) const = default;
};

std::string to_string(ApiVersion version);

/// Nothing when `text` is not two numbers with a dot.
std::optional<ApiVersion> parse_api_version(std::string_view text);

/// The version to speak with an engine whose `GET /version` answered `body`: the lower of ours
/// (1.51) and its own. `rejected` when it no longer speaks ours or the body is not Docker's.
Result<ApiVersion> negotiate(const Json& body);

/// "/v1.41" + `path`.
std::string versioned(ApiVersion version, std::string_view path);

/// A name as one stretch of a path: percent-encoded but for the '/', ':' and '@' of image names.
std::string name_in_path(std::string_view name);

/// What the engine meant by a status that is no success: its own words and the fitting code.
Error error_of(int status, const Json& body, std::string_view text);

/// An answer of the engine.
struct Answer {
  int status = 0;
  Json body;  ///< null when there is none or it is not JSON
};

/// One engine, as the steps see it. A reference to the doors: must not outlive them.
class EngineClient {
 public:
  EngineClient(Effects& effects, std::string endpoint, ApiVersion api)
      : effects_(effects), endpoint_(std::move(endpoint)), api_(api) {}

  /// The engine of `step`: input.endpoint, spoken to in input.api or, without it, in what one
  /// `GET /version` tells.
  static Result<EngineClient> open(const Step& step, Effects& effects);

  Result<Answer> get(std::string_view path, std::initializer_list<int> also_fine = {}) const;

  /// `body` null sends none. 2xx is success, and so are the statuses in `also_fine`.
  Result<Answer> post(std::string_view path,
                      const Json& body,
                      std::initializer_list<int> also_fine = {},
                      std::chrono::milliseconds timeout = std::chrono::seconds{60}) const;

  Result<Answer> remove(std::string_view path, std::initializer_list<int> also_fine = {}) const;

  /// A request that the caller fills in further (streams): endpoint and versioned path are set.
  [[nodiscard]] HttpRequest request(std::string_view method, std::string_view path) const;

  /// Sends such a request; its answer as that of `post`.
  Result<Answer> send(const HttpRequest& request, std::initializer_list<int> also_fine = {}) const {
    return call(request, also_fine);
  }

  [[nodiscard]] ApiVersion api() const { return api_; }
  [[nodiscard]] Effects& effects() const { return effects_; }

 private:
  [[nodiscard]] Result<Answer> call(const HttpRequest& request,
                                    std::initializer_list<int> also_fine) const;

  Effects& effects_;
  std::string endpoint_;
  ApiVersion api_;
};

}  // namespace aegis::docker
