#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"

namespace aegis {

/// A place of the manifests where a secret is used.
struct SecretUse {
  std::string path;  ///< "servers.fsn1.storage.box.password"
  SourceSpan where;
};

/// What can be told of a secret without its value.
struct SecretFacts {
  std::string name;
  std::string source;  ///< "env DB_PASSWORD", "age secrets/db.age"; empty: it is not declared
  std::vector<SecretUse> uses;
  std::string problem;                ///< why it has no value; empty when it has one
  std::vector<std::string> warnings;  ///< files that others can read
};

}  // namespace aegis
