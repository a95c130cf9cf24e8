#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace aegis::test {

/// A real Docker engine of its own: socket, data, and network namespace, so that it meets no other
/// engine. Needs root, and Debian's docker.io, iptables, iproute2 and busybox-static. Started by
/// the constructor, which throws std::runtime_error when it does not come up; stopped by the
/// destructor, its containers with it. When the environment names a tree with another Debian's
/// docker.io in AEGIS_TEST_ENGINE_ROOT, that engine runs instead: it sees this machine's /tmp and
/// devices, and none of its programs.
class PrivateDockerd {
 public:
  PrivateDockerd();
  PrivateDockerd(const PrivateDockerd&) = delete;
  PrivateDockerd& operator=(const PrivateDockerd&) = delete;
  ~PrivateDockerd();

  [[nodiscard]] std::string socket() const { return (folder_ / "docker.sock").string(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const std::string& network_namespace() const { return netns_; }

  /// Makes an image of a busybox tree, "demo:1" for one. `changes` are Dockerfile lines, such as
  /// "ENV A=b".
  void import_image(const std::string& reference, const std::vector<std::string>& changes = {});

  /// Runs a program with DOCKER_HOST set to this engine, in its network namespace. What it printed,
  /// both outputs; throws std::runtime_error when it fails.
  std::string run(const std::vector<std::string>& words) const;

  /// Removes its containers, and starts it anew with the images, volumes and networks it had.
  void restart();

 private:
  void start();
  void stop();
  [[nodiscard]] bool answers() const;

  std::filesystem::path folder_;
  std::string netns_;
  pid_t pid_ = -1;
};

}  // namespace aegis::test
