#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "simulator/message.h"

namespace aegis::simulator {

using FieldErrors = std::map<std::string, std::string>;

/// The outcome of an API call, before it becomes HTTP.
struct Answer {
  int status = 200;
  Json data;
  std::string message;         ///< of a failure, without its line end
  FieldErrors errors;          ///< by parameter
  std::optional<Json> extras;  ///< top-level members beside `data`, such as `total`

  [[nodiscard]] bool failed() const { return status >= 400; }
};

/// Why a call may not go on, or nothing.
using Refusal = std::optional<Answer>;

/// Success with `data`.
Answer answer(Json data = nullptr);

/// A failure in the words of the host; status 500 is what a Perl `die` gives.
Answer refuse(std::string message, int status = 500);

/// 400 "Parameter verification failed." with the texts by parameter.
Answer invalid(FieldErrors errors);
Answer invalid(std::string_view parameter, std::string text);

/// 403 "Permission check failed (`what`)".
Answer forbidden(std::string_view what);

/// The answer as Proxmox's JSON formatter writes it: a 401 has an empty body, an error's reason is
/// the first line of its message, and every error ends the connection.
Response to_response(Answer answer);

}  // namespace aegis::simulator
