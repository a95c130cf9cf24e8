#include "support/private_root.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <stdexcept>

#include "base/text.h"
#include "support/fake_systemctl.h"

namespace aegis::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* k_setup = R"sh(set -e
mount --make-rprivate /
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount --rbind /dev "$1/root/dev"
mount --rbind /proc "$1/root/proc"
mount -t tmpfs none "$1/root/tmp"
rm -rf "$1/root/var/lib/aegisctl"
mkdir -p "$1/root/run/systemd/system"
for part in vm net; do
  mkdir -p "$1/root/var/lib/fake-kernel/$part/ipv4"
  mount --bind "$1/root/var/lib/fake-kernel/$part" "$1/root/proc/sys/$part"
done
echo 60 > "$1/root/proc/sys/vm/swappiness"
printf '4096\t131072\t6291456\n' > "$1/root/proc/sys/net/ipv4/tcp_rmem"
printf %s "$2" > "$1/root/usr/local/sbin/systemctl"
printf %s "$3" > "$1/root/usr/local/sbin/systemd-run"
printf '#!/bin/sh\n' > "$1/root/usr/local/sbin/sleep"
chmod 755 "$1/root/usr/local/sbin/systemctl" "$1/root/usr/local/sbin/systemd-run" "$1/root/usr/local/sbin/sleep"
cd "$1/root/etc"
cp ../usr/share/base-passwd/passwd.master passwd
cp ../usr/share/base-passwd/group.master group
awk -F: '{ print $1 ":*:19000:0:99999:7:::" }' passwd > shadow
awk -F: '{ print $1 ":*::" }' group > gshadow
: > ../var/lib/dpkg/statoverride
echo ready
exec cat > /dev/null
)sh";

// Entries end in a NUL; an entry of a path has three fields with tabs between them.
constexpr const char* k_changes = R"sh(cd "$1/upper"
find . -mindepth 1 ! -type d -printf '%P\t%y %m %u:%g\t%l\0' -o -type d -printf '%P\t%y %m %u:%g\t\0'
find . -type f -exec sha256sum -z {} +
)sh";

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

int file_with(const std::string& text) {
  const int file = memfd_create("aegis-test", 0);
  if (file < 0 || write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      lseek(file, 0, SEEK_SET) != 0) {
    throw std::runtime_error("no memory for a file");
  }
  return file;
}

std::string take_text(int file) {
  std::string text(static_cast<std::size_t>(lseek(file, 0, SEEK_END)), '\0');
  if (pread(file, text.data(), text.size(), 0) < 0) text.clear();
  close(file);
  return text;
}

}  // namespace

PrivateRoot::PrivateRoot() {
  std::string pattern = (fs::temp_directory_path() / "aegis-root-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  int out[2];
  int in[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(in, O_CLOEXEC) != 0) throw std::runtime_error("no pipes");
  const std::vector<std::string> words{
      "sh", "-c", k_setup, "sh", folder_, k_fake_systemctl, k_fake_systemd_run};
  const auto arguments = pointers(words);
  keeper_ = fork();
  if (keeper_ == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    if (unshare(CLONE_NEWNS) == 0) execvp("sh", arguments.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  char word[5] = {};
  const bool ready = read(out[0], word, sizeof word) == sizeof word;
  close(out[0]);
  lifeline_ = in[1];
  if (!ready) throw std::runtime_error("no root tree of its own: this needs root and overlayfs");
}

PrivateRoot::~PrivateRoot() {
  close(lifeline_);
  waitpid(keeper_, nullptr, 0);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Result<ShellOutput> PrivateRoot::run(const ShellCommand& command) {
  if (!command.host.starts_with("host/") && !command.host.starts_with("guest/")) {
    return Error{ErrorCode::rejected, "there is no shell called " + command.host};
  }
  {
    const std::lock_guard guard(mutex_);
    if (is_cut_off(command)) return Error{ErrorCode::unreachable, "no route to host"};
    if (locked_out_ && command.host.ends_with("/new")) {
      return Error{ErrorCode::unauthorized, "nobody is let in any more"};
    }
    if (command.reads_only) {
      ++reads_;
    } else {
      writes_.push_back(command);
    }
  }
  return execute(command.words, command.input, true);
}

bool PrivateRoot::is_cut_off(const ShellCommand& command) {
  constexpr int k_tries = 4;
  if (brings_back_.empty() || (tries_ == 0 && !command.host.ends_with("/new"))) return false;
  if (++tries_ < k_tries) return true;
  elapse(brings_back_);
  brings_back_.clear();
  return false;
}

std::string PrivateRoot::sh(const std::string& script) const {
  const ShellOutput output = execute({"sh", "-euc", script}, "", true);
  INFO(script << ": " << output.err);
  REQUIRE(output.exit_status == 0);
  return output.out;
}

void PrivateRoot::elapse(const std::string& name) const {
  const std::string file = "/var/lib/fake-systemd/timers/" + name + ".timer";
  sh("xargs -0 -a " + file + " env; rm " + file);
}

Json PrivateRoot::changes() const {
  const ShellOutput output = execute({"sh", "-c", k_changes, "sh", folder_}, "", false);
  Json changes = Json::object();
  for (const std::string& entry : split(output.out, '\0')) {
    const auto fields = split(entry, '\t');
    constexpr std::size_t k_path_at = 64 + 2 + 2;  // behind the digest, two blanks and "./"
    // What git itself keeps in a checkout holds times.
    if (entry.find("/.git/") != std::string::npos) continue;
    if (fields.size() == 3) {
      changes[fields[0]] = fields[1] + " " + fields[2];
    } else if (entry.size() > k_path_at) {
      Json& file = changes[entry.substr(k_path_at)];
      file = file.get<std::string>() + entry.substr(0, 64);
    }
  }
  for (const char* file : {"passwd", "group", "shadow", "gshadow", "subuid", "subgid"}) {
    changes.erase(std::string("etc/") + file + "-");
  }
  for (const char* own : {"systemctl", "systemd-run", "sleep"}) {
    changes.erase(std::string("usr/local/sbin/") + own);
  }
  return changes;
}

ShellOutput PrivateRoot::execute(const std::vector<std::string>& words,
                                 const std::string& input,
                                 bool inside) const {
  const auto arguments = pointers(words);
  const std::string ns = "/proc/" + std::to_string(keeper_) + "/ns/mnt";
  const std::string root = inside ? folder_ + "/root" : "/";
  const int in = file_with(input);
  const int out = file_with("");
  const int err = file_with("");
  const pid_t child = fork();
  if (child == 0) {
    const int space = open(ns.c_str(), O_RDONLY | O_CLOEXEC);
    const bool entered = space >= 0 && setns(space, CLONE_NEWNS) == 0 &&
                         chroot(root.c_str()) == 0 && chdir("/") == 0;
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    if (entered) execvp(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  close(in);
  ShellOutput output;
  output.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  output.out = take_text(out);
  output.err = take_text(err);
  return output;
}

}  // namespace aegis::test
