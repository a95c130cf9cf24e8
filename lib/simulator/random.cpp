#include "simulator/random.h"

#include <fmt/format.h>

#include <cstring>

#include "base/digest.h"

namespace aegis::simulator {
namespace {

std::uint64_t system_seed() {
  std::uint64_t seed = 0;
  std::memcpy(&seed, random_bytes(sizeof seed).data(), sizeof seed);
  return seed;
}

}  // namespace

Random::Random(std::uint64_t seed) : engine_(seed == 0 ? system_seed() : seed) {}

std::string Random::mac_address() {
  const std::uint64_t bits = engine_();
  return fmt::format(
      "BC:24:11:{:02X}:{:02X}:{:02X}", bits & 0xff, (bits >> 8) & 0xff, (bits >> 16) & 0xff);
}

std::string Random::uuid() {
  const std::string digits = hex(16);
  return fmt::format("{}-{}-4{}-a{}-{}",
                     digits.substr(0, 8),
                     digits.substr(8, 4),
                     digits.substr(13, 3),
                     digits.substr(17, 3),
                     digits.substr(20, 12));
}

std::string Random::hex(std::size_t size) {
  std::string text;
  while (text.size() < 2 * size) text += fmt::format("{:016x}", engine_());
  return text.substr(0, 2 * size);
}

}  // namespace aegis::simulator
