#include <catch2/catch.hpp>

#include "kinds/os/backup_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// An engine that keeps its volumes as Docker's does. One container, "app", has the volume
// core_data; it comes up unless what it finds there says "broken".
constexpr const char* k_docker = R"sh(#!/bin/sh
volumes=/var/lib/docker/volumes
case "$1 $2" in
  'volume create') mkdir -p "$volumes/$3/_data"; echo "$3" ;;
  'volume rm') [ -d "$volumes/$3" ] || exit 1; [ "$3" != core_data ] || exit 1; rm -r "$volumes/$3"; echo "$3" ;;
  'volume inspect')
    case $# in
      3) [ -d "$volumes/$3" ] ;;
      *)
        [ -d "$volumes/$5" ] || exit 1
        case $4 in *Mountpoint*) echo "$volumes/$5/_data" ;; *) cat /tmp/driver ;; esac ;;
    esac ;;
  'ps -q') [ ! -e /tmp/up ] || [ "$4" != volume=core_data ] || echo abc ;;
  'ps --filter') [ ! -e /tmp/up ] || echo core-app-1 ;;
  'stop abc') rm -f /tmp/up ;;
  'start abc') : > /tmp/up ;;
  'inspect --format') [ "$(cat "$volumes/core_data/_data/state")" = broken ] && echo exited || echo 'running healthy' ;;
  *) exit 2 ;;
esac
)sh";

/// A server with that engine and a backup of its volume.
class VolumeRig : public BackupRig {
 public:
  VolumeRig() {
    root().sh("cat > /usr/local/sbin/docker <<'END'\n" + std::string(k_docker) +
              "END\nchmod 755 /usr/local/sbin/docker; rm -rf /var/lib/docker/volumes; "
              "mkdir -p /var/lib/docker/volumes/core_data/_data; echo 'local 0' > /tmp/driver; : > "
              "/tmp/up; chmod 751 /var/lib/docker/volumes/core_data/_data");
    project().write("compose.yaml",
                    "services: { app: { image: x, volumes: [\"data:/data\"] } }\nvolumes: { data: "
                    "{} }\n");
    write("good");
    declare(
        "  data: { on: server/a, volumes: [stack/core/volume/data], schedule: daily }\n"
        "stacks: { core: { server: a, compose: compose.yaml } }\n");
    must("data");
  }

  void write(const std::string& text) {
    root().sh("echo " + text + " > /var/lib/docker/volumes/core_data/_data/state");
  }
  [[nodiscard]] std::string state() const {
    return root().sh(
        "cat /var/lib/docker/volumes/core_data/_data/state; [ -e /tmp/up ] && echo up");
  }
  [[nodiscard]] std::string volumes() const {
    return root().sh("ls /var/lib/docker/volumes | sed 's/[0-9].*Z/TIME/'");
  }
};

}  // namespace

TEST_CASE(
    "a volume is restored as another, swapped while nobody has it, and the bad one is one too") {
  VolumeRig rig;
  rig.write("bad");
  rig.must("data", "restore latest");
  CHECK(rig.state() == "good\nup\n");
  CHECK(rig.volumes() == "core_data\ncore_data-kept-TIME\n");
  CHECK(rig.root().sh("cat /var/lib/docker/volumes/*kept*/_data/state; stat -c %a "
                      "/var/lib/docker/volumes/core_data/_data") == "bad\n751\n");
}

TEST_CASE("when its container does not come up with it, the volume is swapped back") {
  VolumeRig rig;
  rig.write("broken");
  rig.must("data");
  rig.write("bad");
  CHECK(mentions(rig.attempt("data", "restore latest"), "all is as it was before: abc"));
  CHECK(rig.state() == "bad\nup\n");
  CHECK(rig.volumes() == "core_data\ncore_data-restore\n");
}

TEST_CASE("a volume that the engine does not keep itself is not swapped") {
  VolumeRig rig;
  rig.root().sh("echo 'local 2' > /tmp/driver");
  CHECK(mentions(rig.attempt("data", "restore latest"), "does not keep core_data itself"));
  CHECK(rig.state() == "good\nup\n");
}

TEST_CASE("a restore of a volume killed before any of its commands goes on, and loses nothing") {
  VolumeRig rig;
  int deaths = 0;
  for (int nth = 1; nth < 200; nth += 3) {
    INFO("killed at command " << nth);
    const std::string mark = "bad" + std::to_string(nth);
    rig.write(mark);
    if (!rig.dies_at("data", "restore latest", nth)) break;
    ++deaths;
    CHECK(mentions(rig.root().sh("cat /var/lib/docker/volumes/*/_data/state"), mark));
    rig.go_on("data", "restore latest");
    CHECK(rig.state() == "good\nup\n");
    CHECK(rig.volumes() == "core_data\ncore_data-kept-TIME\n");
    CHECK(rig.root().sh("cat /var/lib/docker/volumes/*kept*/_data/state") == mark + "\n");
    rig.root().sh("rm -r /var/lib/docker/volumes/*kept*");
  }
  CHECK(deaths > 7);
}
