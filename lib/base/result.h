#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace aegis {

/// Why an operation outside the process failed; decides the exit code and whether a retry makes
/// sense.
enum class ErrorCode {
  unreachable,      ///< no connection, or it broke before the request was sent
  unauthorized,     ///< who we are was not accepted (401, bad key)
  forbidden,        ///< we are known, and may not do this (403)
  not_found,        ///< the object does not exist
  conflict,         ///< taken, locked, or changed by somebody else since it was read
  timed_out,        ///< our own deadline passed
  outcome_unknown,  ///< the request was sent, its answer was lost: read the state again before
                    ///< deciding
  rejected,         ///< the remote refused the request itself (400, 500 with a text)
  interrupted,      ///< the user asked to stop
  io,               ///< this machine: disk full, file unreadable
};

/// A failure as a value. `message` keeps the remote's own words; contexts are put in front of it.
struct Error {
  ErrorCode code = ErrorCode::rejected;
  std::string message;

  /// The same error with "`context`: " in front of its message. Add one a layer.
  [[nodiscard]] Error in_context(std::string_view context) const {
    return {code, std::string(context) + ": " + message};
  }
};

/// A T or an Error. Member names follow std::expected, so that a later switch is one alias.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  /// The value. Calling it on an error throws std::bad_variant_access: a bug, not a failure.
  T& value() { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const { return std::get<0>(state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The error. Calling it on a value throws std::bad_variant_access.
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

  /// This result, with `context` added when it is an error.
  [[nodiscard]] Result in_context(std::string_view context) && {
    if (has_value()) return std::move(*this);
    return error().in_context(context);
  }

 private:
  std::variant<T, Error> state_;
};

/// A value-less success, for Result<Done>.
struct Done {};

}  // namespace aegis
