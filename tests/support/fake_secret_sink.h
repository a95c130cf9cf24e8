#pragma once

#include <map>
#include <string>

#include "effects/secret_sink.h"

namespace aegis::test {

/// Keeps secrets in memory; refuses when told to.
class FakeSecretSink : public SecretSink {
 public:
  Result<Done> check(const std::string&) override { return answer(refuses_check); }

  Result<Done> keep(const std::string& file, const Secret& secret) override {
    const auto kept = answer(refuses_keep);
    if (kept) files[file] = secret.reveal();
    return kept;
  }

  std::map<std::string, std::string> files;
  bool refuses_check = false;
  bool refuses_keep = false;

 private:
  static Result<Done> answer(bool refused) {
    if (refused) return Error{ErrorCode::io, "cannot write: No space left on device"};
    return Done{};
  }
};

}  // namespace aegis::test
