#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <regex>
#include <sstream>

#include "lab/live_host.h"
#include "lab/program.h"

// Hidden from the tests: tests/bench/os runs it. It measures, and asserts only that there is
// nothing to do for either of the two.
namespace aegis::test {
namespace {

constexpr int k_files = 200;
constexpr int k_units = 40;
constexpr std::size_t k_packages = 60;
constexpr int k_users = 10;
constexpr int k_repeats = 5;

std::string unit_text(int number) {
  return fmt::format(
      "[Unit]\\nDescription=unit {}\\n[Service]\\nExecStart=/bin/sleep infinity\\n"
      "[Install]\\nWantedBy=multi-user.target\\n",
      number);
}

std::vector<std::string> packages_of(const LiveHost& host) {
  std::istringstream names(host.sh("dpkg-query -W -f '${Package}\\n' | sort"));
  std::vector<std::string> packages;
  for (std::string name; packages.size() < k_packages && std::getline(names, name);) {
    packages.push_back(name);
  }
  return packages;
}

std::string manifest(const LiveHost& host, const std::vector<std::string>& packages) {
  std::string text = "servers:\n  bench:\n" + host.server_lines() + "    os:\n      packages:\n";
  for (const std::string& package : packages) text += fmt::format("        {}: present\n", package);
  text += "      users:\n";
  for (int i = 0; i < k_users; ++i) text += fmt::format("        user{}: {{}}\n", i);
  text += "      files:\n";
  for (int i = 0; i < k_files; ++i) {
    text += fmt::format("        /etc/bench-{0}: {{ content: \"value {0}\\n\" }}\n", i);
  }
  text += "      units:\n";
  for (int i = 0; i < k_units; ++i) {
    text += fmt::format(
        "        bench-{}.service: {{ content: \"{}\", enabled: true, state: started }}\n",
        i,
        unit_text(i));
  }
  return text;
}

// The same as Ansible has it, with as few tasks as its modules allow.
std::string playbook(const std::vector<std::string>& packages) {
  std::string text = "- hosts: all\n  gather_facts: false\n  tasks:\n    - apt: { name: [";
  for (const std::string& package : packages) text += fmt::format("\"{}\", ", package);
  text += "], state: present }\n";
  text += fmt::format(
      "    - user: {{ name: \"user{{{{ item }}}}\", shell: /bin/bash }}\n"
      "      loop: \"{{{{ range({}) | list }}}}\"\n",
      k_users);
  text += fmt::format(
      "    - copy: {{ dest: \"/etc/bench-{{{{ item }}}}\", content: \"value {{{{ item }}}}\\n\", "
      "owner: root, group: root, mode: \"0644\" }}\n"
      "      loop: \"{{{{ range({}) | list }}}}\"\n",
      k_files);
  for (const char* task :
       {"copy: { dest: \"/etc/systemd/system/bench-{{ item }}.service\", content: "
        "\"[Unit]\\nDescription=unit {{ item }}\\n[Service]\\nExecStart=/bin/sleep "
        "infinity\\n[Install]\\nWantedBy=multi-user.target\\n\", mode: \"0644\" }",
        "systemd: { name: \"bench-{{ item }}.service\", enabled: true, state: "
        "started }"}) {
    text += fmt::format("    - {}\n      loop: \"{{{{ range({}) | list }}}}\"\n", task, k_units);
  }
  return text;
}

// The median of the wall times, in seconds.
double median_of(int repeats, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i < repeats; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    times.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

std::vector<std::string> ansible_words(const LiveHost& host) {
  const std::string options = fmt::format(
      "-o UserKnownHostsFile={}/known -o StrictHostKeyChecking=no -o ControlMaster=auto -o "
      "ControlPersist=60s",
      host.scratch());
  return {"env",
          "ANSIBLE_PIPELINING=True",
          "ANSIBLE_SSH_ARGS=" + options,
          "ANSIBLE_HOME=" + host.scratch() + "/ansible",
          "ansible-playbook",
          "-i",
          "203.0.113.15,",
          "-u",
          "root",
          "--private-key",
          host.scratch() + "/key",
          "--check",
          host.scratch() + "/playbook.yaml"};
}

}  // namespace

TEST_CASE("a host's 200 files, 40 units, 60 packages and 10 users, beside Ansible", "[.bench]") {
  const LiveHost host;
  const auto packages = packages_of(host);
  host.write("aegis.yaml", manifest(host, packages));
  std::ofstream(host.scratch() + "/playbook.yaml") << playbook(packages);
  const Run made = host.start({"apply", "--auto-approve"})->wait(std::chrono::minutes(5));
  INFO(made.out << made.err);
  REQUIRE(made.exit_code == 0);

  const Run told = host.run({"-v", "plan", "--detailed-exitcode"});
  REQUIRE(told.exit_code == 0);
  std::smatch figures;
  REQUIRE(std::regex_search(told.err, figures, std::regex("observed .*")));
  const double ours = median_of(k_repeats, [&] { REQUIRE(host.run({"plan"}).exit_code == 0); });
  const double theirs = median_of(1, [&] {
    const ProgramEnd end = run_program(ansible_words(host));
    INFO(end.output);
    REQUIRE(end.exit_status == 0);
    REQUIRE(end.output.find("changed=0") != std::string::npos);
  });
  std::cout << figures.str() << "\n"
            << fmt::format(
                   "aegisctl plan: {:.3f} s\nansible-playbook --check: {:.1f} s\n", ours, theirs)
            << fmt::format("plan takes 1/{:.0f} of the time\n", theirs / ours);
}

}  // namespace aegis::test
