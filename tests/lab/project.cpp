#include "lab/project.h"

#include <fmt/format.h>

#include <filesystem>

namespace aegis::test {

Project::Project(simulator::SimulatorOptions options)
    : simulator_(std::move(simulator::Server::start(std::move(options)).value())) {
  std::filesystem::create_directory(folder());
}

std::string Project::proxmox_line() const {
  return fmt::format(
      "    proxmox: {{ node: pve, url: \"{}\", user: root@pam, password: simulator, fingerprint: "
      "\"{}\" }}\n",
      simulator_->url(),
      simulator_->fingerprint());
}

std::string Project::ssh_line(const SshConnection& ssh) {
  return fmt::format(
      "    ssh: {{ host: {}, port: {}, user: {}, host_key: \"{}\", identity_file: \"{}\" }}\n",
      ssh.host,
      ssh.port,
      ssh.user,
      ssh.host_key,
      ssh.identity_file);
}

Run Project::run(const std::vector<std::string>& words, const Environment& more) const {
  Environment all = more;
  all.merge(environment());
  return run_aegisctl(in_folder(words), all);
}

std::unique_ptr<BackgroundRun> Project::start(const std::vector<std::string>& words) const {
  std::filesystem::remove(scratch() + "/stderr");
  return std::make_unique<BackgroundRun>(in_folder(words), environment(), scratch());
}

std::vector<std::string> Project::in_folder(const std::vector<std::string>& words) const {
  std::vector<std::string> all{"-C", folder()};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

Environment Project::environment() const {
  return {{"HOME", scratch()}, {"XDG_STATE_HOME", scratch() + "/state"}};
}

}  // namespace aegis::test
