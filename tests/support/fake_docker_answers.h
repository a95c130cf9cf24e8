#pragma once

#include <string>

#include "base/json.h"
#include "effects/http.h"

namespace aegis::test {

/// The answers of a Docker engine. For the files of FakeDocker.

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
