#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace aegis::simulator {

/// Names that a real host would draw at random. With a seed the sequence is always the same.
class Random {
 public:
  /// 0: seeded by the operating system.
  explicit Random(std::uint64_t seed);

  /// "BC:24:11:" and three random bytes.
  std::string mac_address();
  /// A version 4 UUID, as token secrets are.
  std::string uuid();
  /// `size` random bytes as hex.
  std::string hex(std::size_t size);

 private:
  std::mt19937_64 engine_;
};

}  // namespace aegis::simulator
