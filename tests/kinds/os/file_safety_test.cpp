#include <catch2/catch.hpp>

#include "kinds/os/os_rig.h"
#include "plan/plan_json.h"
#include "render/plan_text.h"

using namespace aegis;
using namespace aegis::test;

TEST_CASE("no name and no content of a file is taken for code") {
  OsRig rig;
  rig.want(R"yaml(
      files:
        "/srv/$(touch pwned)": { content: "$(touch /pwned) `touch /pwned`\n'\"\\" }
        "/srv/-rf": { content: "" }
        "/srv/two\nlines": { content: "END\n" }
        "/srv/a'; touch pwned; '": { content: "\n\n" }
        "/srv/gr\u00fc\u00dfe": { content: "\u2603" }
)yaml");
  rig.converge();
  CHECK(rig.root().sh("cd /srv; cat './$(touch pwned)'") ==
        "$(touch /pwned) `touch /pwned`\n'\"\\");
  CHECK(
      rig.root().sh("cd /srv; for f in *; do printf '%s|' \"$f\"; done; ls / | grep pwned || :") ==
      "$(touch pwned)|-rf|a'; touch pwned; '|gr\xc3\xbc\xc3\x9f"
      "e|two\nlines|");
}

TEST_CASE("a secret is written, and shown nowhere on the way") {
  OsRig rig;
  rig.project().set("TOKEN", "hunter2");
  rig.project().write("secrets.yaml", "secrets: { token: { env: TOKEN } }\n");
  const std::string check = ", validate: [sh, -c, 'cat \"$1\"; exit ${env:STATUS}', sh, '%s']";
  rig.project().set("STATUS", "0");
  rig.want("      files: { /srv/x: { content: 'a ${secret:token}', mode: '0600'" + check +
           " } }\n");
  const Plan plan = rig.plan();
  CHECK(render_text(plan, {}).find("hunter2") == std::string::npos);
  CHECK(dump_json(to_json(plan)).find("hunter2") == std::string::npos);
  rig.converge();
  CHECK(rig.root().sh("cat /srv/x") == "a hunter2");
  for (const ShellCommand& command : rig.root().writes()) {
    for (const std::string& word : command.words) CHECK(word.find("hunter2") == std::string::npos);
  }

  // Its content stays a secret when the manifest has forgotten that it was one.
  rig.want("      files: { /srv/x: { content: b, mode: '0600' } }\n");
  CHECK(render_text(rig.plan(), {}).find("hunter2") == std::string::npos);
  CHECK_FALSE(attribute(only_change(rig.plan()), "content").before.is_null());

  // A check that prints what it reads does not tell it.
  rig.project().set("TOKEN", "hunter2-again").set("STATUS", "1");
  rig.want("      files: { /srv/x: { content: 'a ${secret:token}', mode: '0600'" + check +
           " } }\n");
  const auto refused = rig.apply(rig.plan());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("what is not ours and not everybody there may read is not shown") {
  OsRig rig;
  rig.root().sh("echo hunter2 > /srv/x; chmod 600 /srv/x");
  rig.want("      files: { /srv/x: { content: mine } }\n");
  CHECK(render_text(rig.plan(), {}).find("hunter2") == std::string::npos);
}

TEST_CASE("a link, a directory or a pipe where a file should be holds the change back") {
  for (const char* make : {"ln -s /etc/passwd /srv/x", "mkdir /srv/x", "mkfifo /srv/x"}) {
    INFO(make);
    OsRig rig;
    rig.root().sh(make);
    rig.want("      files: { /srv/x: { content: mine } }\n");
    PlanOptions adopt;
    adopt.adopts = {"host/a"};
    CHECK(only_change(rig.plan(adopt)).blocked.find("/srv/x is ") != std::string::npos);
  }
}

TEST_CASE("what was put in the way after the plan is not overwritten, and no link is followed") {
  for (const char* make : {"ln -s /etc/victim /srv/x", "mkdir /srv/x", "echo theirs > /srv/x"}) {
    INFO(make);
    OsRig rig;
    rig.root().sh("echo victim > /etc/victim");
    rig.want("      files: { /srv/x: { content: mine } }\n");
    const Plan plan = rig.plan();
    rig.root().sh(make);
    const auto refused = rig.apply(plan);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(rig.root().sh("cat /etc/victim; ls -A /srv") == "victim\nx\n");
  }
}

TEST_CASE("content that did not arrive whole is not put in place") {
  OsRig rig;
  rig.want("      files: { /srv/x: { content: one } }\n");
  rig.converge();
  rig.want("      files: { /srv/x: { content: two-and-more } }\n");
  REQUIRE(rig.apply(rig.plan()));
  ShellCommand cut = rig.root().writes().back();
  rig.root().sh("printf one > /srv/x");
  cut.input.resize(cut.input.size() - 3);
  const auto output = rig.root().run(cut);
  CHECK(output->exit_status == 1);
  CHECK(output->err.find("did not arrive whole") != std::string::npos);
  CHECK(rig.root().sh("cat /srv/x; ls -A /srv") == "onex\n");
}

TEST_CASE("what a run that was killed left behind is gone after the next one") {
  OsRig rig;
  rig.want("      files: { /srv/x: { content: one } }\n");
  const Plan plan = rig.plan();
  REQUIRE(rig.apply(plan));
  const std::string before = rig.root().sh("ls -A /srv");
  rig.root().sh("rm /srv/x");
  ShellCommand command = rig.root().writes().back();
  command.words[2] = "kill_now() { kill -9 $$; }\n" + command.words[2];
  const auto at = command.words[2].find("chown -- \"$owner\" \"$name\"");
  REQUIRE(at != std::string::npos);
  command.words[2].insert(at, "kill_now\n");
  CHECK(rig.root().run(command)->exit_status != 0);
  CHECK(rig.root().sh("ls -A /srv").find(".aegisctl-") != std::string::npos);
  rig.converge();
  CHECK(rig.root().sh("ls -A /srv") == before);
}

TEST_CASE("a folder that is not there, and an owner that is not there, are told as such") {
  OsRig rig;
  rig.want("      files: { /srv/no/x: { content: one } }\n");
  const auto no_folder = rig.apply(rig.plan());
  REQUIRE_FALSE(no_folder);
  CHECK(no_folder.error().message.find("the folder of /srv/no/x does not exist") !=
        std::string::npos);
  rig.want("      files: { /srv/x: { content: one, owner: nobody-here } }\n");
  const auto no_owner = rig.apply(rig.plan());
  REQUIRE_FALSE(no_owner);
  CHECK(no_owner.error().message.find("nobody-here") != std::string::npos);
  CHECK(rig.root().sh("ls -A /srv") == "");
}
