#include "engine/run_identity.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>

#include "base/digest.h"

namespace aegis {
namespace {

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return "?";
  return entry.pw_name;
}

std::string machine_name() {
  std::array<char, 256> name{};
  // The last byte is kept free: a name that fills the buffer comes without an end.
  if (gethostname(name.data(), name.size() - 1) != 0) return "?";
  return name.data();
}

}  // namespace

RunIdentity identify_run() {
  return {to_hex(random_bytes(6)),
          fmt::format("{}@{} (pid {})", user_name(), machine_name(), getpid())};
}

}  // namespace aegis
