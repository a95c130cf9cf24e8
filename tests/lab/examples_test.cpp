#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/json.h"
#include "lab/host.h"
#include "support/source_folder.h"

namespace aegis::test {
namespace {

std::string slurp(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

const Environment k_passwords{{"POSTGRES_PASSWORD", "planted-database-password"},
                              {"STORAGEBOX_PASSWORD", "planted-storage-password"},
                              {"DISCORD_HOOK", "1/planted"},
                              {"TELEGRAM_TOKEN", "2:planted"},
                              {"WHATSAPP_TOKEN", "planted"},
                              {"RELAY_TOKEN", "planted"},
                              {"SMTP_PASSWORD", "planted"},
                              {"DB_PASSWORD", "planted"},
                              {"CLOUDFLARE_TOKEN", "planted"}};

}  // namespace

TEST_CASE("examples/aegis plans a whole system on an empty host, in at most 4 waves") {
  simulator::SimulatorOptions options;
  options.node = "pve";
  Host host(options);
  std::filesystem::copy(source_folder() / "examples" / "aegis",
                        host.folder(),
                        std::filesystem::copy_options::recursive);
  // Only the way to the host is another one than in the example.
  const std::string example = slurp(host.folder() + "/aegis.yaml");
  std::string text =
      std::regex_replace(example, std::regex("    ssh: .*\n    proxmox: .*\n"), "@SERVER@");
  REQUIRE(text.find("@SERVER@") != std::string::npos);
  text.replace(text.find("@SERVER@"), 8, host.server_lines());
  std::ofstream(host.folder() + "/aegis.yaml") << text;

  const Run planned = host.run({"-v", "plan", "--json"}, k_passwords);
  INFO(planned.err);
  REQUIRE(planned.exit_code == 0);
  const auto plan = parse_json(planned.out);
  REQUIRE(plan);
  CHECK(get(get(*plan, "summary"), "blocked") == 0);
  CHECK(get(get(get(*plan, "summary"), "actions"), "create") >= 25);
  std::smatch waves;
  REQUIRE(std::regex_search(planned.err, waves, std::regex("in ([0-9]+) wave")));
  CHECK(std::stoi(waves[1]) <= 4);
  CHECK((planned.out + planned.err).find("planted") == std::string::npos);
}

TEST_CASE("every example is valid") {
  for (const auto& entry : std::filesystem::directory_iterator(source_folder() / "examples")) {
    if (!entry.is_directory()) continue;
    Environment environment = k_passwords;
    environment["SIMULATOR_URL"] = "https://127.0.0.1:8006";
    environment["SIMULATOR_PASSWORD"] = "x";
    environment["SIMULATOR_FINGERPRINT"] =
        "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:"
        "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99";
    environment["QUICKSTART_ENGINE"] = "unix:///var/run/docker.sock";
    const Run run = run_aegisctl({"-C", entry.path().string(), "validate"}, environment);
    INFO(entry.path() << "\n" << run.err);
    CHECK(run.exit_code == 0);
  }
}

}  // namespace aegis::test
