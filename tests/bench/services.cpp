// Times `plan` of a stack of unchanged services on an engine in memory: loading its Compose file,
// reading every container, and comparing every attribute. Prints one line; `run` calls it.

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "engine/apply.h"
#include "engine/observe.h"
#include "engine/temporary_folder.h"
#include "kinds/table.h"
#include "manifest/load.h"
#include "plan/make_plan.h"
#include "support/fake_clock.h"
#include "support/fake_docker.h"
#include "support/quiet_run.h"

namespace aegis::test {
namespace {

// Nothing here is behind a shell.
class NoShell : public RemoteShell {
 public:
  Result<ShellOutput> run(const ShellCommand&) override {
    return Error{ErrorCode::rejected, "there is no shell"};
  }
};

void write_project(const std::filesystem::path& folder, int count) {
  std::ofstream(folder / "aegis.yaml")
      << "stacks:\n  many: { docker: unix:///run/fake.sock, compose: compose/stack.yaml }\n";
  std::filesystem::create_directories(folder / "compose");
  std::ofstream compose(folder / "compose" / "stack.yaml");
  compose << "services:\n";
  for (int i = 0; i < count; ++i) {
    compose << fmt::format(
        "  s{}:\n"
        "    image: demo/web:1\n"
        "    command: [serve, --port, \"8080\"]\n"
        "    environment: {{ MODE: production, NUMBER: \"{}\" }}\n"
        "    restart: unless-stopped\n"
        "    mem_limit: 256m\n"
        "    healthcheck: {{ test: [CMD, \"true\"], interval: 30s }}\n"
        "    labels: {{ traefik.enable: \"true\" }}\n",
        i,
        i);
  }
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// The engine, and how much CPU its answers take: that is not the tool's.
class TimedEngine : public HttpTransport {
 public:
  explicit TimedEngine(FakeDocker& engine) : engine_(engine) {}

  Result<HttpResponse> send(const HttpRequest& request) override {
    const double begin = cpu_seconds();
    auto response = engine_.send(request);
    spent_ += cpu_seconds() - begin;
    return response;
  }

  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override {
    const double begin = cpu_seconds();
    auto responses = engine_.send_all(requests);
    spent_ += cpu_seconds() - begin;
    return responses;
  }

  [[nodiscard]] double spent() const { return spent_; }

 private:
  FakeDocker& engine_;
  double spent_ = 0;
};

// The plan for the project in `folder`, made from nothing, as a new process would.
Plan plan_of(const std::filesystem::path& folder, HttpTransport& engine, RemoteShell& shell) {
  Vault vault;
  const auto nothing = [](const std::string&) { return std::optional<std::string>(); };
  const Manifests manifests = load(folder, nothing, vault);
  const Observed observed = observe(manifests.desired, all_kinds(), engine, shell, vault);
  return make_plan(manifests.desired, observed.world, all_kinds(), {});
}

int run(int count) {
  const TemporaryFolder folder;
  write_project(folder.path(), count);
  FakeDocker engine;
  engine.add_image("demo/web:1", {{"Env", {"PATH=/bin"}}, {"Cmd", {"serve"}}});
  NoShell shell;
  FakeClock clock;
  Vault vault;
  NoJournal journal;
  NoObserver watcher;
  const Report report = apply(plan_of(folder.path(), engine, shell),
                              all_kinds(),
                              {engine, shell, clock, vault},
                              journal,
                              watcher,
                              {},
                              {});
  if (report.outcome != Outcome::succeeded) {
    fmt::print(stderr, "the services could not be made\n");
    return 1;
  }
  const double begin = cpu_seconds();
  TimedEngine timed(engine);
  const Plan plan = plan_of(folder.path(), timed, shell);
  const double took = cpu_seconds() - begin - timed.spent();
  if (plan.has_differences()) {
    fmt::print(stderr, "the second plan is not empty\n");
    return 1;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{:.3f} {}\n", took, usage.ru_maxrss / 1024);
  return 0;
}

}  // namespace
}  // namespace aegis::test

int main(int argc, char** argv) {
  return aegis::test::run(argc > 1 ? std::atoi(argv[1]) : 1000);
}
