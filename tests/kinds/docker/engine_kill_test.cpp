#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "base/text.h"
#include "engine_lab.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

/// A transport whose process is killed as soon as its k-th write (any request but GET) was done.
class DyingHttp : public HttpTransport {
 public:
  DyingHttp(HttpTransport& inner, int k) : inner_(inner), left_(k) {}

  Result<HttpResponse> send(const HttpRequest& request) override {
    auto response = inner_.send(request);
    if (request.method != "GET" && --left_ == 0) ::kill(::getpid(), SIGKILL);
    return response;
  }

  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override {
    return inner_.send_all(requests);
  }

 private:
  HttpTransport& inner_;
  int left_;
};

/// Plans and applies in a process of its own, which is killed after `k` writes. False when it came
/// to its end before.
bool apply_until_killed(const Json& stack, int k) {
  const pid_t child = ::fork();
  if (child == 0) {
    EngineDoors doors;
    DyingHttp http(doors.doors.http(), k);
    Rig rig(http, doors.doors.clock(), doors.endpoint);
    rig.apply(rig.plan(stack));
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/// "/own" and, by the image, "/var/image" are volumes without a name; "/data" has one.
Json keeper(const std::string& version) {
  return {{"services",
           {{"web",
             {{"image", "demo:1"},
              {"init", true},
              {"stop_grace_period", 0},
              {"restart", "always"},
              {"environment", {{"VERSION", version}}},
              {"volumes",
               {{{"type", "volume"}, {"target", "/own"}},
                {{"type", "volume"}, {"source", "data"}, {"target", "/data"}}}}}}}},
          {"volumes", {{"data", Json::object()}}}};
}

std::size_t count_of_lines(const std::string& text) {
  return split_any(text, "\n").size();
}

}  // namespace

TEST_CASE("a recreate that is killed after any of its requests loses no data and is finished") {
  int k = 1;
  for (bool killed = true; killed; ++k) {
    Lab lab;
    lab.rig.converge(keeper("1"));
    engine().run({"docker",
                  "exec",
                  "demo-web-1",
                  "sh",
                  "-c",
                  "echo own > /own/a; echo image > /var/image/a; echo named > /data/a"});
    killed = apply_until_killed(keeper("2"), k);
    INFO("killed after request " << k);
    if (killed) lab.rig.converge(keeper("2"));
    CHECK(engine().run(
              {"docker", "exec", "demo-web-1", "cat", "/own/a", "/var/image/a", "/data/a"}) ==
          "own\nimage\nnamed\n");
    CHECK(engine().run({"docker", "exec", "demo-web-1", "sh", "-c", "echo $VERSION"}) == "2\n");
    CHECK(count_of_lines(engine().run({"docker", "ps", "-aq"})) == 1);
    CHECK(count_of_lines(engine().run({"docker", "volume", "ls", "-q"})) == 3);
    CHECK(differences(lab.rig.plan(keeper("2"))) == std::vector<std::string>{});
  }
  // Made, stopped, moved aside, put in place, started, removed, at least.
  CHECK(k > 6);
}

TEST_CASE("hooks run in a real container after its start and before its end, and can fail it") {
  Lab lab;
  const auto hooked = [](const std::string& version, const std::string& after) {
    Json stack = keeper(version);
    stack["services"]["web"]["post_start"] = {{{"command", {"sh", "-c", after}}, {"user", "0"}}};
    stack["services"]["web"]["pre_stop"] = {
        {{"command", {"sh", "-c", "echo end of $VERSION with $HOW >> /data/log"}},
         {"environment", {{"HOW", "grace"}}}}};
    return stack;
  };
  lab.rig.converge(hooked("1", "echo start of $VERSION >> /data/log"));
  lab.rig.converge(hooked("2", "echo start of $VERSION >> /data/log"));
  const auto log = [] {
    return engine().run({"docker", "exec", "demo-web-1", "cat", "/data/log"});
  };
  CHECK(log() == "start of 1\nend of 1 with grace\nstart of 2\n");
  const Report report =
      lab.rig.apply(lab.rig.plan(hooked("3", "echo the cache is cold >&2; exit 7")));
  CHECK(report.outcome == Outcome::rolled_back);
  std::string message;
  for (const StepResult& result : report.results) {
    if (result.error && message.empty()) message = result.error->message;
  }
  CHECK_THAT(message, Catch::Matchers::Contains("the cache is cold"));
  CHECK(engine().run({"docker", "exec", "demo-web-1", "sh", "-c", "echo $VERSION"}) == "2\n");
  CHECK(count_of_lines(engine().run({"docker", "ps", "-aq"})) == 1);
}
