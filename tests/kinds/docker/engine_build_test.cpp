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
