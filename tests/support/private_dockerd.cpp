#include "support/private_dockerd.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace aegis::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds k_start_limit{60};
constexpr std::chrono::seconds k_stop_limit{30};
constexpr std::chrono::milliseconds k_poll{50};

pid_t spawn(std::vector<std::string> words,
            const fs::path& output,
            const std::string& docker_host) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setenv("DOCKER_HOST", docker_host.c_str(), 1);
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(::open("/dev/null", O_RDONLY), 0);
  ::dup2(file, 1);
  ::dup2(file, 2);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

std::string read_text(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// What becomes the engine in a tree of its own. pivot_root, because commands inside of containers
// would find the machine's root below a chroot.
std::string enter_tree(const std::string& tree) {
  return fmt::format(
      "mount --make-rprivate / && mount --bind {0} {0} && "
      "for name in proc sys dev tmp; do mount --rbind /$name {0}/$name || exit 1; done && "
      "mount -t tmpfs tmpfs {0}/run && mount -t tmpfs tmpfs {0}/mnt && mkdir {0}/mnt/old && "
      "cd {0} && pivot_root . mnt/old && umount -l /mnt/old && exec \"$@\"",
      tree);
}

// Output of a program; throws when it fails.
std::string output_of(const std::vector<std::string>& words,
                      const fs::path& folder,
                      const std::string& docker_host) {
  static int count = 0;
  const fs::path file = folder / fmt::format("output-{}", ++count);
  int status = 0;
  ::waitpid(spawn(words, file, docker_host), &status, 0);
  std::string text = read_text(file);
  fs::remove(file);
  if (status != 0) throw std::runtime_error(words[0] + " failed: " + text);
  return text;
}

// What a stopped engine leaves mounted below its folder.
void unmount_all(const fs::path& folder) {
  std::ifstream mounts("/proc/self/mounts");
  std::vector<std::string> points;
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream words(line);
    std::string device;
    std::string point;
    words >> device >> point;
    if (point.starts_with(folder.string() + "/")) points.push_back(point);
  }
  for (auto point = points.rbegin(); point != points.rend(); ++point) {
    ::umount2(point->c_str(), MNT_DETACH);
  }
}

}  // namespace

PrivateDockerd::PrivateDockerd() {
  std::string name = (fs::temp_directory_path() / "aegis-dockerd-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  netns_ = folder_.filename().string();
  output_of({"ip", "netns", "add", netns_}, folder_, "");
  output_of({"ip", "-n", netns_, "link", "set", "lo", "up"}, folder_, "");
  start();
}

PrivateDockerd::~PrivateDockerd() {
  stop();
  unmount_all(folder_);
  int status = 0;
  ::waitpid(spawn({"ip", "netns", "del", netns_}, folder_ / "log", ""), &status, 0);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void PrivateDockerd::start() {
  const std::string base = folder_.string();
  // nsenter becomes the engine, so that its pid is the engine's; `ip netns exec` would hide the
  // cgroups.
  std::vector<std::string> words{"nsenter", "--net=/run/netns/" + netns_};
  if (const char* tree = std::getenv("AEGIS_TEST_ENGINE_ROOT"); tree != nullptr && *tree != 0) {
    words.insert(words.end(), {"unshare", "--mount", "sh", "-c", enter_tree(tree), "sh"});
  }
  words.insert(words.end(),
               {"dockerd",
                "-H",
                "unix://" + socket(),
                "--data-root",
                base + "/data",
                "--exec-root",
                base + "/exec",
                "--pidfile",
                base + "/dockerd.pid"});
  pid_ = spawn(words, folder_ / "log", "");
  const auto limit = std::chrono::steady_clock::now() + k_start_limit;
  while (!answers()) {
    const bool ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
    if (ended || std::chrono::steady_clock::now() > limit) {
      throw std::runtime_error("dockerd did not start: " + read_text(folder_ / "log"));
    }
    std::this_thread::sleep_for(k_poll);
  }
}

void PrivateDockerd::stop() {
  const std::string kill_all = "docker ps -aq | xargs -r docker rm -f";
  int status = 0;
  ::waitpid(spawn({"sh", "-c", kill_all}, folder_ / "log", "unix://" + socket()), &status, 0);
  ::kill(pid_, SIGTERM);
  const auto limit = std::chrono::steady_clock::now() + k_stop_limit;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > limit) ::kill(pid_, SIGKILL);
    std::this_thread::sleep_for(k_poll);
  }
}

void PrivateDockerd::restart() {
  stop();
  start();
}

bool PrivateDockerd::answers() const {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket().copy(address.sun_path, sizeof address.sun_path - 1);
  const bool connected =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

std::string PrivateDockerd::run(const std::vector<std::string>& words) const {
  std::vector<std::string> all{"nsenter", "--net=/run/netns/" + netns_};
  all.insert(all.end(), words.begin(), words.end());
  return output_of(all, folder_, "unix://" + socket());
}

void PrivateDockerd::import_image(const std::string& reference,
                                  const std::vector<std::string>& changes) {
  const fs::path tar = folder_ / "tree.tar";
  if (!fs::exists(tar)) {
    const std::string tree = (folder_ / "tree").string();
    run({"sh",
         "-c",
         fmt::format("mkdir -p {0}/bin {0}/tmp {0}/etc && cp /bin/busybox {0}/bin/busybox && "
                     "for name in $(/bin/busybox --list | grep -vx busybox); do ln -sf busybox "
                     "{0}/bin/$name; done && "
                     "echo root:x:0:0:root:/:/bin/sh > {0}/etc/passwd && tar -C {0} -cf {1} .",
                     tree,
                     tar.string())});
  }
  std::vector<std::string> words{"docker", "import"};
  for (const std::string& change : changes) {
    words.emplace_back("--change");
    words.push_back(change);
  }
  words.push_back(tar.string());
  words.push_back(reference);
  run(words);
}

}  // namespace aegis::test
