#include "monitoring/program_checks.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <ctime>

#include "base/text.h"
#include "manifest/project_folder.h"
#include "monitoring/backup_ages.h"
#include "monitoring/process.h"

namespace aegis::test {
namespace {

using Catch::Contains;

constexpr const char* k_exporter_folder = "/var/lib/prometheus/node-exporter";
constexpr const char* k_labels = R"(check="db",type="command")";

/// A script of ours that writes into a folder of the test's, and finds its programs there first.
class Bench {
 public:
  Bench(const std::string& name, std::string script) : name_(name) {
    const std::size_t at = script.find(k_exporter_folder);
    if (at != std::string::npos) {
      script.replace(at, std::string_view(k_exporter_folder).size(), folder_.path().string());
    }
    add(name, script);
  }

  void add(const std::string& program, const std::string& script) {
    folder_.write(program, script);
    std::filesystem::permissions(folder_.path() / program, std::filesystem::perms::owner_all);
  }

  Finished run(std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"env",
                  fmt::format("PATH={}:/usr/bin:/bin", folder_.path().string()),
                  (folder_.path() / name_).string()});
    return run_in(folder_.path(), words);
  }

  [[nodiscard]] std::string written(const std::string& file) const {
    return slurp(folder_.path() / file);
  }

  /// Fails the test when Prometheus does not read the file.
  void check_metrics(const std::string& file) {
    const Finished judged =
        run_in(folder_.path(), {"sh", "-c", "promtool check metrics < " + file + "; [ $? != 1 ]"});
    INFO(judged.output);
    CHECK(judged.exit_code == 0);
  }

 private:
  std::string name_;
  ProjectFolder folder_;
};

constexpr const char* k_file = "aegisctl_check_db.prom";

}  // namespace

TEST_CASE(
    "a check that is a program tells whether it succeeded, its value, and until when it holds") {
  Bench bench("check", monitoring::check_script());
  CHECK(bench.run({"db", "5", "90", k_labels, "echo", "42.5"}).exit_code == 0);
  std::string text = bench.written(k_file);
  CHECK_THAT(text, Contains(R"(probe_success{check="db",type="command"} 1)"));
  CHECK_THAT(text, Contains(R"(check_value{check="db",type="command"} 42.5)"));
  CHECK_THAT(text, Contains(R"(probe_duration_seconds{check="db",type="command"} 0.)"));
  const std::size_t at = text.find("check_valid_until_seconds{");
  REQUIRE(at != std::string::npos);
  const auto until = std::stoll(text.substr(text.find("} ", at) + 2));
  CHECK(until - std::time(nullptr) > 60);
  CHECK(until - std::time(nullptr) <= 90);
  bench.check_metrics(k_file);
}

TEST_CASE("a program that fails, hangs or is not there is a check that fails, and no failed unit") {
  Bench bench("check", monitoring::check_script());
  const std::vector<std::vector<std::string>> programs{
      {"false"}, {"sleep", "30"}, {"no-such-program"}, {"sh", "-c", "echo 7; exit 3"}};
  for (std::vector<std::string> words : programs) {
    words.insert(words.begin(), {"db", "0.2", "90", k_labels});
    CHECK(bench.run(words).exit_code == 0);
    CHECK_THAT(bench.written(k_file), Contains("probe_success{check=\"db\",type=\"command\"} 0\n"));
    bench.check_metrics(k_file);
  }
}

TEST_CASE("metrics that a program prints are kept, and its other words are not") {
  Bench bench("check", monitoring::check_script());
  bench.run(
      {"db", "5", "90", k_labels, "printf", "%s\\n", "all is well", "pool{db=\"a\"} 3", "\\n"});
  const std::string text = bench.written(k_file);
  CHECK_THAT(text,
             Contains("\npool{db=\"a\"} 3\n") && !Contains("well") && !Contains("check_value"));
  bench.check_metrics(k_file);
}

TEST_CASE("Docker's health is told for all containers or for one") {
  Bench bench("check-docker", monitoring::docker_script());
  const auto docker = [&](const char* unhealthy) {
    bench.add("docker",
              fmt::format(R"(#!/bin/sh
case "$*" in
  *health=unhealthy*) printf %s '{}' ;;
  *name=^/gone*) ;;
  ps*) echo 1a; echo 2b ;;
  inspect*1a) echo 'web 1970-01-01T00:01:40.5Z' ;;
  inspect*2b) echo 'db 1970-01-01T00:03:20Z' ;;
esac
)",
                          unhealthy));
  };
  docker("");
  const Finished well = bench.run({});
  CHECK(well.exit_code == 0);
  CHECK(well.output ==
        "container_start_time_seconds{name=\"web\"} 100\n"
        "container_start_time_seconds{name=\"db\"} 200\n");
  CHECK(bench.run({"gone"}).exit_code != 0);
  docker("2b");
  CHECK(bench.run({}).exit_code != 0);
}

TEST_CASE("a server tells of each guest's newest backup, and keeps what it knew while it cannot") {
  Bench bench("backup-ages", monitoring::backup_ages_script());
  bench.add("pvesh", R"(#!/bin/sh
[ "$2" = /nodes/localhost/storage/box/content ] || exit 2
echo '[{"vmid":103,"ctime":100},{"vmid":"103","ctime":300},{"vmid":104,"ctime":900},{"ctime":1}]'
)");
  const std::vector<std::string> words{
      "off", "container/a", "103", "box", "3600", "off", "machine/b", "105", "box", "60"};
  CHECK(bench.run(words).exit_code == 0);
  const std::string told = bench.written("aegisctl_backups.prom");
  CHECK(told ==
        "aegisctl_backup_newest_seconds{entry=\"off\",resource=\"container/a\"} 300\n"
        "aegisctl_backup_rpo_seconds{entry=\"off\",resource=\"container/a\"} 3600\n"
        "aegisctl_backup_newest_seconds{entry=\"off\",resource=\"machine/b\"} 0\n"
        "aegisctl_backup_rpo_seconds{entry=\"off\",resource=\"machine/b\"} 60\n");
  bench.check_metrics("aegisctl_backups.prom");
  bench.add("pvesh", "#!/bin/sh\necho 'storage is not online' >&2\nexit 2\n");
  CHECK(bench.run(words).exit_code != 0);
  CHECK(bench.written("aegisctl_backups.prom") == told);
}

TEST_CASE("each kind of program is the one that a person would run") {
  using Words = std::vector<std::string>;
  const auto words = [](const char* type, const Json& settings) {
    return monitoring::program_of({{type, settings}});
  };
  CHECK(words("unit", {{"name", "docker.service"}}) ==
        Words{"systemctl", "is-active", "--quiet", "docker.service"});
  CHECK(words("docker", Json::object()) == Words{"/usr/local/lib/aegisctl-checks/check-docker"});
  CHECK(
      words("postgres", {{"container", "core-db-1"}, {"query", "SELECT 2"}, {"database", "app"}}) ==
      Words{"docker",
            "exec",
            "core-db-1",
            "psql",
            "--username",
            "postgres",
            "--dbname",
            "app",
            "-XAtc",
            "SELECT 2"});
  CHECK(
      words("postgres", Json::object()) ==
      Words{
          "runuser", "-u", "postgres", "--", "psql", "--dbname", "postgres", "-XAtc", "SELECT 1"});
  CHECK(words("redis", {{"address", "x:6379"}}).empty());
  CHECK(words("redis", {{"container", "core-redis-1"}}).back() == "core-redis-1");
  CHECK(words("command", {{"run", "a | b"}, {"user", "agent"}}) ==
        Words{"runuser", "-u", "agent", "--", "/bin/sh", "-c", "a | b"});
  CHECK(words("http", {{"url", "http://x"}}).empty());
}

}  // namespace aegis::test
