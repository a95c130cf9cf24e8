#pragma once

#include <string>

#include "kinds/proxmox/kind_rig.h"
#include "kinds/proxmox/objects/object_file.h"

namespace aegis::test {

/// "thing", a kind with a field of every form, marked by its comment, in the section "things".
const Kind& thing_kind();

/// "rock", a kind of the same list without a marker; only those with Things.Audit see rocks. Its
/// `weight` is fixed and its `key` a secret.
const Kind& rock_kind();

/// The file of a rig, on its clock.
struct HostedFile {
  HostedFile();

  FakeClock clock_;
  ObjectFile file_;
};

/// A file of objects and what is wanted of it.
class ObjectRig : private HostedFile, public KindRig {
 public:
  explicit ObjectRig(const Kind& kind = thing_kind());

  /// Declares an object.
  void want(const std::string& name, const Json& spec) {
    declare({"server/fsn1", std::string(kind_.name), name}, spec);
  }
  /// Whether the manifest has the section at all.
  void manage(bool managed);

  ObjectFile& file() { return file_; }
  FakeClock& clock() { return clock_; }

 private:
  const Kind& kind_;
};

}  // namespace aegis::test
