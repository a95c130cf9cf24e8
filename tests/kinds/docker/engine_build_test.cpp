#include <catch2/catch.hpp>

#include "build_folder.h"
#include "engine_lab.h"
#include "model/report.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

Json built(const BuildFolder& folder) {
  const Json more = {{"args", {{"WORD", "given"}}}, {"target", "last"}, {"labels", {{"a", "b"}}}};
  return {{"services", {{"web", {{"image", "demo-web"}, {"build", folder.build(more)}}}}}};
}

constexpr const char* k_dockerfile = R"(FROM demo:1 AS last
ARG WORD
RUN echo "$WORD" > /word
COPY . /context
CMD ["sleep", "1000"]
FROM demo:1
RUN exit 9
)";

}  // namespace

TEST_CASE("a real engine builds from the folder, and anew when a file in it changed") {
  Lab lab;
  BuildFolder folder;
  folder.write("Dockerfile", k_dockerfile).write("a", "one").write("ignored", "x");
  folder.write(".dockerignore", "ignored\n");
  for (const std::string word : {"one", "two"}) {
    folder.write("a", word);
    lab.rig.converge(built(folder));
    CHECK(engine().run(
              {"docker", "exec", "demo-web-1", "sh", "-c", "cat /word /context/a; ls /context"}) ==
          "given\n" + word + "Dockerfile\na\n");
    CHECK(differences(lab.rig.plan(built(folder))) == std::vector<std::string>{});
  }
  engine().run({"sh", "-c", "docker rm -f demo-web-1; docker rmi demo-web"});
}

TEST_CASE("a real build's failure tells what was printed last") {
  Lab lab;
  BuildFolder folder;
  folder.write("Dockerfile", "FROM demo:1 AS last\nRUN echo so far so good; exit 9\n");
  const Report report = lab.rig.apply(lab.rig.plan(built(folder)));
  std::string told;
  for (const StepResult& result : report.results) {
    if (result.error) told = result.error->message;
  }
  INFO(told);
  CHECK(told.find("so far so good") != std::string::npos);
  CHECK(told.find("9") != std::string::npos);
}

TEST_CASE("a real engine builds what stands in the Compose file, with names and hosts of its own") {
  Lab lab;
  BuildFolder folder;
  folder.write("a", "one");
  const Json stack = {
      {"services",
       {{"web",
         {{"image", "demo-web"},
          {"build",
           folder.build({{"dockerfile_inline",
                          "FROM demo:1\nCOPY a /a\nRUN cat /etc/hosts > /hosts && df /dev/shm > "
                          "/shm && ulimit -n > /files\nCMD [\"sleep\", \"1000\"]\n"},
                         {"tags", {"demo-other:7"}},
                         {"network", "none"},
                         {"no_cache", true},
                         {"shm_size", 8388608},
                         {"extra_hosts", {"mirror.test:10.0.0.1"}},
                         {"ulimits", {{"nofile", {{"soft", 99}, {"hard", 99}}}}}})}}}}}};
  lab.rig.converge(stack);
  CHECK(differences(lab.rig.plan(stack)) == std::vector<std::string>{});
  const std::string told =
      engine().run({"docker", "exec", "demo-web-1", "cat", "/a", "/hosts", "/shm", "/files"});
  INFO(told);
  CHECK(told.find("mirror.test") != std::string::npos);
  CHECK(told.find(" 8192 ") != std::string::npos);
  CHECK(told.find("99\n") != std::string::npos);
  engine().run({"sh", "-c", "docker rm -f demo-web-1; docker rmi demo-web demo-other:7"});
}
