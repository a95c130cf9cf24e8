#include "cli/project.h"

#include <fmt/format.h>

namespace aegis::test {

Project::Project(simulator::SimulatorOptions options)
    : server_(std::move(simulator::Server::start(std::move(options)).value())) {
  environment_ = {
      {"HOME", scratch_.path()},
      {"XDG_STATE_HOME", scratch_.path() + "/state"},
      {"SIMULATOR_URL", server_->url()},
      {"SIMULATOR_FINGERPRINT", server_->fingerprint()},
      {"SIMULATOR_PASSWORD", "simulator"},
  };
}

Run Project::run(const std::vector<std::string>& words) const {
  std::vector<std::string> all{"-C", folder()};
  all.insert(all.end(), words.begin(), words.end());
  return run_aegisctl(all, environment_);
}

BackgroundRun Project::start(const std::vector<std::string>& words) const {
  std::vector<std::string> all{"-C", folder()};
  all.insert(all.end(), words.begin(), words.end());
  return BackgroundRun(all, environment_, scratch_.path());
}

std::string manifest_with(const std::string& containers) {
  return "servers:\n"
         "  demo:\n"
         "    proxmox:\n"
         "      node: pve\n"
         "      url: ${env:SIMULATOR_URL}\n"
         "      user: root@pam\n"
         "      password: ${env:SIMULATOR_PASSWORD}\n"
         "      fingerprint: ${env:SIMULATOR_FINGERPRINT}\n"
         "containers:\n" +
         containers;
}

std::string container_text(const std::string& name, int vmid, const std::string& more) {
  return fmt::format(
      "  {}:\n"
      "    server: demo\n"
      "    vmid: {}\n"
      "    template: local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst\n"
      "    memory: 1GiB\n"
      "    rootfs: {{ storage: local-zfs, size: 8GiB }}\n"
      "{}",
      name,
      vmid,
      more);
}

}  // namespace aegis::test
