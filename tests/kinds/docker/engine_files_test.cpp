#include <catch2/catch.hpp>

#include "engine_lab.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

Json file(const std::string& target, const Json& content) {
  return {{"target", target}, {"uid", "7"}, {"gid", "8"}, {"mode", 0440}, {"content", content}};
}

Json stack(const Json& more, const std::string& word) {
  Json spec = {{"image", "demo:1"},
               {"command", {"sleep", "1000"}},
               {"init", true},
               {"configs", {file("/srv/new/deep/app.conf", "word=" + word + "\n")}},
               {"secrets", {file("/run/secrets/token", {{"$secret", "secret-" + word}})}}};
  spec.update(more);
  return {{"services", {{"web", spec}}}};
}

std::string in_container(const std::string& command) {
  return engine().run({"docker", "exec", "demo-web-1", "sh", "-c", command});
}

}  // namespace

TEST_CASE("files are in a real container with owner and mode, and are read back from it") {
  Lab lab;
  for (const std::string word : {"one", "two"}) {
    lab.rig.converge(stack(Json::object(), word));
    CHECK(in_container("cat /srv/new/deep/app.conf /run/secrets/token") ==
          "word=" + word + "\nsecret-" + word);
    CHECK(in_container("stat -c '%a %u %g' /run/secrets/token") == "440 7 8\n");
    CHECK(differences(lab.rig.plan(stack(Json::object(), word))) == std::vector<std::string>{});
  }
  in_container("echo changed > /srv/new/deep/app.conf");
  CHECK(differences(lab.rig.plan(stack(Json::object(), "two"))) ==
        std::vector<std::string>{"service/web: configs./srv/new/deep/app.conf.content"});
}

TEST_CASE("files reach a real container with a read-only root and memory below them") {
  Lab lab;
  const Json hardened = {{"read_only", true}, {"tmpfs", {{"/run", ""}}}};
  for (const std::string word : {"one", "two"}) {
    lab.rig.converge(stack(hardened, word));
    CHECK(in_container("cat /srv/new/deep/app.conf /run/secrets/token") ==
          "word=" + word + "\nsecret-" + word);
    CHECK(differences(lab.rig.plan(stack(hardened, word))) == std::vector<std::string>{});
  }
  // Two of the files' folders, one of the image: the first container's are gone.
  CHECK(engine().run({"sh", "-c", "docker volume ls -q | wc -l"}) == "3\n");
}
