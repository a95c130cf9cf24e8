#include "laws/os_world.h"

#include "support/fake_clock.h"
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

 private:
  ScriptedHttp http_;
  test::PrivateRoot root_;
  FakeClock clock_;
};

}  // namespace

std::unique_ptr<LawWorld> make_os_world() {
  return std::make_unique<OsWorld>();
}

}  // namespace aegis::laws
