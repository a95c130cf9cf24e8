#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "lab/live_host.h"

namespace aegis::test {
namespace {

// Whatever takes one of these for code makes a file that is looked for.
constexpr const char* k_os = R"yaml(
      directories:
        "/srv/-rf": { mode: "0700" }
        "/srv/$(touch $HOME.pwned)": {}
        "/srv/a b'\"\\": {}
        "/srv/new\nline": {}
      files:
        "/srv/-rf/--help": { content: "dash\n", mode: "0600" }
        "/srv/$(touch $HOME.pwned)/`touch $HOME.pwned`;touch $HOME.pwned": { content: "code\n" }
        "/srv/a b'\"\\/'; touch $HOME.pwned; '": { content: "quote\n" }
        "/srv/new\nline/*": { content: "star\n" }
        "/srv/\u00fcn\u00ef \u200b\u202e": { content: "unicode ü\n" }
        "/srv/%s%n": { content: "$(touch $HOME.pwned)\n`touch $HOME.pwned`\nEND\n'\"\\\n" }
        /srv/big: { source: big }
        /srv/bytes: { source: bytes }
      units:
        hostile.service:
          content: "[Service]\nType=oneshot\nExecStart=/bin/echo '$$(touch /root.pwned)' \"; touch /root.pwned\"\n"
      users:
        odd:
          home: "/home/a b;touch $HOME.pwned"
          authorized_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVzb2KqzkCPoSgSdZYVEEhCTwGtrzYGXfEFVN4Hyhmm $(touch $HOME.pwned)'\"`"]
          sudo: "ALL=(ALL) NOPASSWD: /bin/echo $(touch $HOME.pwned)"
      jobs:
        odd: { schedule: daily, command: [/bin/echo, "$(touch $HOME.pwned)", "%n $HOME; touch $HOME.pwned", "a'b\"c\\"] }
)yaml";

constexpr std::array k_content{
    "-rf/--help",
    "$(touch $HOME.pwned)/`touch $HOME.pwned`;touch $HOME.pwned",
    "new\nline/*",
    "\xc3\xbcn\xc3\xaf \xe2\x80\x8b\xe2\x80\xae",
};

struct Refused {
  const char* os;
  const char* said;
};

// Names that the systems themselves do not know.
constexpr std::array k_refused{
    Refused{"      users: { \"-x\": {} }\n", "-x"},
    Refused{"      users: { a: { shell: \"/bin/sh\\n/x\" } }\n", "shell"},
    Refused{"      users: { a: { sudo: \"ALL\\nroot ALL=(ALL) ALL\" } }\n", "sudo"},
    Refused{"      users: { a: { authorized_keys: [\"ssh-ed25519 A\\nssh-ed25519 B\"] } }\n",
            "authorized_keys"},
    Refused{"      groups: { \"a b\": {} }\n", "a b"},
    Refused{"      packages: { \"$(id)\": present }\n", "$(id)"},
    Refused{"      packages: { \"-o=Debug\": present }\n", "-o=Debug"},
    Refused{"      packages: { curl: { version: \"1; id\" } }\n", "version"},
    Refused{"      units: { \"../x.service\": { content: x } }\n", "../x.service"},
    Refused{"      units: { \"a b.service\": { content: x } }\n", "a b.service"},
    Refused{"      files: { /etc/../x: { content: x } }\n", "/etc/../x"},
    Refused{"      files: { \"/etc/a\\0b\": { content: x } }\n", "etc"},
    Refused{"      files: { /x: { content: x, owner: \"a;b\" } }\n", "owner"},
    Refused{"      sysctl: { \"../../etc/passwd\": 1 }\n", "../../etc/passwd"},
    Refused{"      jobs: { \"a/b\": { schedule: daily, command: [x] } }\n", "a/b"},
};

}  // namespace

TEST_CASE("hostile names and contents of every kind arrive as they are, and nothing runs them") {
  const LiveHost host(LiveHost::With::guest);
  std::string big;
  for (int i = 0; big.size() < 10'000'000; ++i) big += std::to_string(i) + "\n";
  host.write("big", big);
  host.write("bytes", std::string("\0\xff\r\n$(touch $HOME.pwned)\0", 24));
  host.write("aegis.yaml", host.manifest(k_os));
  const Run applied = host.start({"apply", "--auto-approve", "--adopt", "container/guest"})
                          ->wait(std::chrono::minutes(3));
  INFO(applied.out << applied.err);
  REQUIRE(applied.exit_code == 0);
  const Run again = host.run({"plan", "--detailed-exitcode"});
  INFO(again.out);
  CHECK(again.exit_code == 0);

  for (const bool in_guest : {false, true}) {
    INFO((in_guest ? "guest" : "host"));
    const auto sh = [&](const std::string& script) {
      return in_guest ? host.guest_sh(script) : host.sh(script);
    };
    for (const char* name : k_content) {
      CHECK(sh(std::string("cat '/srv/") + name + "' | wc -l") == "1\n");
    }
    CHECK(sh("stat -c %s /srv/big /srv/bytes") == std::to_string(big.size()) + "\n24\n");
    CHECK(sh("cat /srv/%s%n") == "$(touch $HOME.pwned)\n`touch $HOME.pwned`\nEND\n'\"\\\n");
    CHECK(sh("systemctl start hostile.service job-odd.service; journalctl -q -o cat _COMM=echo | "
             "sort -u") ==
          "$(touch $HOME.pwned) %n $HOME; touch $HOME.pwned a'b\"c\\\n"
          "$(touch /root.pwned) ; touch /root.pwned\n");
    CHECK(sh("sudo -l -U odd 2> /dev/null | grep -cF '$(touch $HOME.pwned)'") == "1\n");
    CHECK(sh("grep -cF \"\\$(touch\" '/home/a b;touch $HOME.pwned/.ssh/authorized_keys'") == "1\n");
    CHECK(sh("find / -xdev -name '*.pwned' ! -path '/srv/*' ! -path '/home/*'") == "");
  }
}

TEST_CASE("a link where something should be is not followed, and holds only that back") {
  const LiveHost host;
  host.sh(
      "echo keep > /srv/target; ln -s /srv/target /srv/file; ln -s /etc /srv/folder; "
      "mkdir /srv/real; ln -s /srv/real /srv/way");
  host.write("aegis.yaml", "servers:\n  lab:\n" + host.server_lines() + R"(    os:
      directories: { /srv/folder: { mode: "0700" } }
      files:
        /srv/file: { content: "other\n" }
        /srv/fine: { content: "fine\n" }
)");
  const Run applied = host.run({"apply", "--auto-approve", "--adopt", "host/lab"});
  INFO(applied.out << applied.err);
  CHECK(applied.exit_code == 6);
  CHECK(applied.out.find("symbolic link") != std::string::npos);
  CHECK(host.sh("cat /srv/target /srv/fine; stat -c %a /etc; readlink /srv/file /srv/folder") ==
        "keep\nfine\n755\n/srv/target\n/etc\n");
}

TEST_CASE(
    "names that no system would take are refused with their place, before anything is asked") {
  const LiveHost host;
  for (const Refused& refused : k_refused) {
    host.write("aegis.yaml", "servers:\n  lab:\n" + host.server_lines() + "    os:\n" + refused.os);
    const Run run = host.run({"validate"});
    INFO(refused.os << run.out << run.err);
    CHECK(run.exit_code == 3);
    CHECK((run.out + run.err).find(refused.said) != std::string::npos);
    CHECK((run.out + run.err).find("aegis.yaml:") != std::string::npos);
  }
}

}  // namespace aegis::test
