#pragma once

#include <string>

#include "base/json.h"
#include "effects/http.h"

namespace aegis::test {

/// The answers of a Docker engine. For the files of FakeDocker.

/// Since which minor version of the API a container can be made with several networks, aliases are
/// told as they were asked for and defaults by their names, and images leave out what is empty.
inline constexpr int k_many_networks = 44;
inline constexpr int k_plain_aliases = 45;
inline constexpr int k_terse_images = 50;

inline HttpResponse told(int status, const Json& body) {
  return {status, "", {{"content-type", "application/json"}}, dump_json(body)};
}

inline HttpResponse silent(int status) {
  return {status, "", {}, ""};
}

inline HttpResponse refused(int status, const std::string& message) {
  return told(status, {{"message", message}});
}

}  // namespace aegis::test
