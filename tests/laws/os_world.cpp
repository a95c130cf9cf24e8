#include "laws/os_world.h"

#include <algorithm>
#include <array>
#include <string>

#include "support/fake_clock.h"
#include "support/private_repository.h"
#include "support/private_root.h"
#include "support/scripted_http.h"

namespace aegis::laws {
namespace {

class OsWorld : public LawWorld {
 public:
  HttpTransport& http() override { return http_; }
  RemoteShell& shell() override { return root_; }
  Clock& clock() override { return clock_; }
  Json essence() override { return root_.changes(); }

 protected:
  test::PrivateRoot& root() { return root_; }

 private:
  ScriptedHttp http_;
  test::PrivateRoot root_;
  FakeClock clock_;
};

// What apt and dpkg write down and pack holds times, or may be got again.
constexpr std::array k_of_apt{
    "srv/apt/", "var/cache/", "var/lib/apt/", "var/lib/dpkg/", "var/log/"};

class AptWorld : public OsWorld {
 public:
  AptWorld() { root().sh(std::string(test::k_private_repository) + test::k_web_package); }

  Json essence() override {
    Json essence = Json::object();
    const Json changes = OsWorld::essence();
    for (const auto& [path, entry] : changes.items()) {
      const bool is_of_apt =
          std::any_of(k_of_apt.begin(), k_of_apt.end(), [&path = path](const char* folder) {
            return path.starts_with(folder);
          });
      if (!is_of_apt) essence[path] = entry;
    }
    essence["packages"] = root().sh("dpkg-query -W");
    return essence;
  }
};

class GitWorld : public OsWorld {
 public:
  GitWorld() {
    root().sh(R"sh(
      git config --system --add safe.directory '*'
      git config --system user.name t
      git config --system user.email t@example.net
      git init -q /srv/origin
      cd /srv/origin
      echo one > file; git add file; git commit -q -m one; git tag v1
      echo two > file; git commit -q -a -m two; git tag v2
    )sh");
  }

  Json essence() override {
    Json essence = Json::object();
    const Json changes = OsWorld::essence();
    for (const auto& [path, entry] : changes.items()) {
      if (!path.starts_with("srv/origin")) essence[path] = entry;
    }
    return essence;
  }
};

}  // namespace

std::unique_ptr<LawWorld> make_git_world() {
  return std::make_unique<GitWorld>();
}

std::unique_ptr<LawWorld> make_os_world() {
  return std::make_unique<OsWorld>();
}

std::unique_ptr<LawWorld> make_apt_world() {
  return std::make_unique<AptWorld>();
}

}  // namespace aegis::laws
