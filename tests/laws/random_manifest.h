#pragma once

#include <random>
#include <string>

#include "base/json.h"

namespace aegis::laws {

/// Makes values that a schema allows, the same for the same seed. Texts that no pattern could make
/// up (names of storages, addresses) come from lists by the name of their field, else from the
/// schema's own examples.
class RandomManifest {
 public:
  explicit RandomManifest(unsigned seed) : random_(seed) {}

  /// A value of `schema`; `field` is its name.
  Json value(const Json& schema, const std::string& field);

 private:
  Json object(const Json& schema);
  Json list(const Json& schema, const std::string& field);
  Json number(const Json& schema, const std::string& field);
  Json text(const Json& schema, const std::string& field);
  bool chance(int percent);
  std::size_t below(std::size_t count);
  const Json& one_of(const Json& values);

  std::mt19937 random_;
};

}  // namespace aegis::laws
