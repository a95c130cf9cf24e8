#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "kinds/os/accounts.h"
#include "kinds/os/inventory.h"

namespace aegis::os {

/// What is at a path. Links are not followed.
struct PathFacts {
  enum class Type { file, directory, link, other };
  Type type = Type::other;
  std::string mode;   ///< four octal digits: "0755"
  std::string owner;  ///< the name, or the number where it has none
  std::string group;
  std::string uid;
  std::string gid;
  std::int64_t size = 0;
  std::string sha256;  ///< of a file; 64 hex digits

  /// True when everybody on that system may read it.
  [[nodiscard]] bool is_public() const { return !mode.empty() && ((mode.back() - '0') & 4) != 0; }
};

/// A Debian package, in dpkg's words.
struct PackageFacts {
  std::string want;    ///< "install", "hold", "deinstall"
  std::string status;  ///< "installed", "config-files", "half-configured"
  std::string version;
};

/// A unit of systemd, in systemd's words.
struct UnitFacts {
  std::string load;      ///< "loaded", "masked", "not-found", "bad-setting"
  std::string active;    ///< "active", "activating", "inactive", "failed"
  std::string file;      ///< "enabled", "disabled", "static", "masked"; empty without a file
  std::string fragment;  ///< the path of that file

  [[nodiscard]] bool is_active() const {
    return active.starts_with("activ") || active == "reloading";
  }
  [[nodiscard]] bool is_enabled() const { return file.starts_with("enabled"); }
};

/// A checkout of git.
struct CheckoutFacts {
  std::string repository;  ///< the URL of "origin"
  std::string head;        ///< the commit that is checked out; empty: none yet
  std::string wanted;      ///< the commit that the asked name stands for; empty: not known there
  bool was_cut = false;    ///< a run of ours did not get to the end of it
  std::vector<std::string> changes;  ///< of files that git knows, in the words of `git status`
};

/// What an operating system told.
struct Facts {
  bool told = false;  ///< false of a system that is not up: nothing is known of it
  std::map<std::string, PathFacts> paths;  ///< what is not there is left out
  /// The first k_most_content bytes of the files that were asked for.
  std::map<std::string, std::string> contents;
  /// Configuration files that are just as their packages brought them: nobody's work is in them.
  std::set<std::string> packaged;
  std::map<std::string, PackageFacts> packages;    ///< what dpkg never heard of is left out
  std::map<std::string, UnitFacts> units;          ///< by all their names
  std::map<std::string, CheckoutFacts> checkouts;  ///< by path; what is none is left out
  /// What is still to be done after a write: "<effect>/<mark of the path>".
  std::set<std::string> pending;
  std::optional<Accounts> accounts;  ///< nothing when they were not asked for
  Inventory inventory;

  [[nodiscard]] const PathFacts* at(const std::string& path) const;
  /// One that was not told of is not there.
  [[nodiscard]] UnitFacts unit(const std::string& name) const;
  /// Adds what a later answer tells.
  void merge(Facts&& later);
};

/// The facts in the output of a fact script. Fails when it was cut short, when the system lacks a
/// tool, and when the shell there is not root's, who alone sees everything.
Result<Facts> parse_facts(std::string_view output);

}  // namespace aegis::os
