#include "support/private_registry.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace aegis::test {
namespace {

constexpr std::chrono::seconds k_start_limit{30};
constexpr std::chrono::milliseconds k_poll{100};

constexpr const char* k_config = R"(version: 0.1
log: {{ level: error }}
storage: {{ filesystem: {{ rootdirectory: {0}/data }} }}
http: {{ addr: {1} }}
auth: {{ htpasswd: {{ realm: tests, path: {0}/users }} }}
)";

}  // namespace

PrivateRegistry::PrivateRegistry(const PrivateDockerd& engine,
                                 const std::string& user,
                                 const std::string& password)
    : engine_(engine), folder_(engine.folder() / "registry") {
  std::filesystem::create_directory(folder_);
  const std::string folder = folder_.string();
  std::ofstream(folder_ / "config.yml") << fmt::format(k_config, folder, host());
  engine.run({"htpasswd", "-Bbc", folder + "/users", user, password});
  pid_ = ::fork();
  if (pid_ == 0) {
    const int log = ::open((folder + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, 1);
    ::dup2(log, 2);
    const std::string space = "--net=/run/netns/" + engine.network_namespace();
    const std::string config = folder + "/config.yml";
    ::execlp("nsenter",
             "nsenter",
             space.c_str(),
             "docker-registry",
             "serve",
             config.c_str(),
             static_cast<char*>(nullptr));
    ::_exit(127);
  }
  const auto limit = std::chrono::steady_clock::now() + k_start_limit;
  const std::string login = fmt::format("docker login -u '{}' -p '{}' {}", user, password, host());
  while (true) {
    try {
      docker(login);
      return;
    } catch (const std::runtime_error&) {
      if (std::chrono::steady_clock::now() > limit) throw;
      std::this_thread::sleep_for(k_poll);
    }
  }
}

PrivateRegistry::~PrivateRegistry() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void PrivateRegistry::docker(const std::string& commands) const {
  engine_.run({"sh", "-c", fmt::format("export DOCKER_CONFIG={}; {}", folder_.string(), commands)});
}

void PrivateRegistry::push(const std::string& image, const std::string& name) const {
  docker(fmt::format("docker tag {0} {1}/{2} && docker push {1}/{2}", image, host(), name));
}

}  // namespace aegis::test
