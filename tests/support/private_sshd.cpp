#include "support/private_sshd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace aegis::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds k_start_limit{20};
constexpr std::chrono::milliseconds k_start_poll{20};

pid_t spawn(std::vector<std::string> words, const fs::path& output) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(::open("/dev/null", O_RDONLY), 0);
  ::dup2(file, 1);
  ::dup2(file, 2);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

void run(const std::vector<std::string>& words, const fs::path& output) {
  int status = 0;
  ::waitpid(spawn(words, output), &status, 0);
  if (status != 0) throw std::runtime_error(words[0] + " failed, see " + output.string());
}

std::string read_text(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::bind(fd, raw, size) == 0 && ::getsockname(fd, raw, &size) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error("no free port on loopback");
  return ntohs(address.sin_port);
}

std::string user_name() {
  const passwd* user = ::getpwuid(::geteuid());
  if (user == nullptr) throw std::runtime_error("this user has no name");
  return user->pw_name;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{0}/task/{0}/children", pid));
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

}  // namespace

void make_ssh_key(const fs::path& file) {
  run({"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file.string()},
      file.string() + ".log");
}

PrivateSshd::PrivateSshd(const SshdOptions& options) {
  std::string name = (fs::temp_directory_path() / "aegis-sshd-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  fs::create_directory(folder_ / "bin");
  for (const auto& [program, script] : options.programs) install(program, script);
  make_ssh_key(folder_ / "host_key");
  make_ssh_key(folder_ / "user_key");
  fs::copy_file(folder_ / "user_key.pub", folder_ / "authorized_keys");
  const fs::path listing = folder_ / "fingerprint";
  run({"/usr/bin/ssh-keygen", "-lf", (folder_ / "host_key.pub").string()}, listing);
  std::istringstream(read_text(listing)) >> fingerprint_ >> fingerprint_;
  port_ = free_port();
  write_config(options.max_sessions);
  start();
}

PrivateSshd::~PrivateSshd() {
  drop_connections();
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void PrivateSshd::install(const std::string& name, const std::string& script) const {
  const fs::path file = folder_ / "bin" / name;
  std::ofstream(file) << script;
  fs::permissions(file, fs::perms::owner_all | fs::perms::group_exec | fs::perms::group_read);
}

void PrivateSshd::write_config(int max_sessions) const {
  std::ofstream(folder_ / "sshd_config") << fmt::format(
      "Port {0}\n"
      "ListenAddress 127.0.0.1\n"
      "HostKey {1}/host_key\n"
      "AuthorizedKeysFile {1}/authorized_keys\n"
      "PidFile none\n"
      "UsePAM no\n"
      "StrictModes no\n"
      "PermitRootLogin yes\n"
      "PasswordAuthentication no\n"
      "KbdInteractiveAuthentication no\n"
      "MaxSessions {2}\n"
      "MaxStartups 100\n"
      "SetEnv PATH={1}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
      port_,
      folder_.string(),
      max_sessions);
}

void PrivateSshd::start() {
  if (::geteuid() == 0) ::mkdir("/run/sshd", 0755);  // where sshd separates its privileges
  pid_ = spawn({"/usr/sbin/sshd", "-D", "-e", "-f", (folder_ / "sshd_config").string()},
               folder_ / "log");
  const auto limit = std::chrono::steady_clock::now() + k_start_limit;
  while (!listens()) {
    if (std::chrono::steady_clock::now() > limit || ::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      throw std::runtime_error("sshd did not start: " + read_text(folder_ / "log"));
    }
    std::this_thread::sleep_for(k_start_poll);
  }
}

// Asked of the log: a connection to find out would be counted by the tests.
bool PrivateSshd::listens() const {
  return read_text(folder_ / "log").find("Server listening on") != std::string::npos;
}

SshConnection PrivateSshd::connection() const {
  SshConnection connection;
  connection.host = "127.0.0.1";
  connection.port = port_;
  connection.user = user_name();
  connection.host_key = fingerprint_;
  connection.identity_file = (folder_ / "user_key").string();
  return connection;
}

std::string PrivateSshd::known_hosts_line() const {
  std::istringstream key(read_text(folder_ / "host_key.pub"));
  std::string type;
  std::string data;
  key >> type >> data;
  return fmt::format("[127.0.0.1]:{} {} {}\n", port_, type, data);
}

void PrivateSshd::drop_connections() const {
  for (const pid_t child : children_of(pid_)) {
    // As root, a connection is two processes, and the socket lives until both are gone.
    for (const pid_t grandchild : children_of(child)) ::kill(grandchild, SIGKILL);
    ::kill(child, SIGKILL);
  }
}

void PrivateSshd::lock_out() const {
  std::ofstream(folder_ / "authorized_keys", std::ios::trunc);
}

std::size_t PrivateSshd::connections() const {
  return children_of(pid_).size();
}

}  // namespace aegis::test
