#pragma once

#include <string>
#include <vector>

namespace aegis::os {

/// A checkout of git, and a name of what should be checked out.
struct AskedCheckout {
  std::string path;
  std::string ref;
};

/// What to tell about an operating system. All paths are absolute; no name holds a NUL.
struct Asks {
  std::vector<std::string> paths;        ///< type, owner, group, mode, size and SHA-256
  std::vector<std::string> contents;     ///< the same, and the beginning of what is in them
  std::vector<std::string> kernel;       ///< files of the kernel, below /proc/sys: what is in them
  std::vector<std::string> packages;     ///< Debian packages: state and version
  std::vector<std::string> users;        ///< their authorized keys
  std::vector<std::string> units;        ///< of systemd: what is loaded, active and enabled
  std::vector<AskedCheckout> checkouts;  ///< what is checked out, and what was changed in it
  bool effects = false;   ///< what an earlier run did not get to (kinds/os/effects.h)
  bool accounts = false;  ///< all users and groups; never their passwords

  [[nodiscard]] bool empty() const {
    return paths.empty() && contents.empty() && kernel.empty() && packages.empty() &&
           users.empty() && units.empty() && checkouts.empty() && !effects && !accounts;
  }
};

/// Of a file's content no more than this is told.
inline constexpr std::size_t k_most_content = std::size_t{64} * 1024;

/// A POSIX shell script that tells what is asked, and our inventory, and changes nothing. Names
/// are in it as data, so that no name can be taken for code. Its output is for parse_facts(). It
/// needs GNU's coreutils and findutils, and says so where they are missing.
std::string fact_script(const Asks& asks);

}  // namespace aegis::os
