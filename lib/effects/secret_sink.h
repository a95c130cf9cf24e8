#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace aegis {

/// The door to files of the project that keep what a system tells only once: the secret of a new
/// API token. Thread-safe.
class SecretSink {
 public:
  virtual ~SecretSink() = default;

  /// Fails when `file` (relative to the project's folder, or "~/..." or absolute) could not be
  /// written: asked before the system makes the secret. Makes missing folders.
  virtual Result<Done> check(const std::string& file) = 0;

  /// Writes the secret and a line end: whole or not at all, readable by its owner only, on the disk
  /// when it returns. A file that is there is replaced.
  virtual Result<Done> keep(const std::string& file, const Secret& secret) = 0;
};

}  // namespace aegis
