#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/text.h"
#include "simulator/recorded.h"

namespace aegis::test {
namespace {

const std::string k_endpoints = "/cluster/notifications/endpoints";
const std::string k_matchers = "/cluster/notifications/matchers";
const std::string k_hook = k_endpoints + "/webhook/wh";

void make_hook(Testbed& bed) {
  const simulator::Response made =
      bed.post(k_endpoints + "/webhook",
               {{"name", "wh"},
                {"url", "http://127.0.0.1:9/x?t={{ secrets.tok }}"},
                {"method", "post"},
                {"header", "name=Content-Type,value=YXBwbGljYXRpb24vanNvbg=="},
                {"header", "name=X-A,value=e3sgc2VjcmV0cy50b2sgfX0="},
                {"body", "eyJ0Ijoie3sgZXNjYXBlIHRpdGxlIH19In0="},
                {"secret", "name=tok,value=aHVudGVyMg=="},
                {"secret", "name=two,value=dHdv"},
                {"comment", "c"}});
  INFO(made.body);
  REQUIRE(made.status == 200);
}

}  // namespace

TEST_CASE("webhooks are made and changed as recorded, and never tell their secrets") {
  Testbed bed;
  replay(bed, {{"GET", k_endpoints + "/webhook/nope", "", 404, "endpoint 'nope' not found"}});
  make_hook(bed);
  const std::string kept =
      R"("name":"wh","origin":"user-created","url":"http://127.0.0.1:9/x?t={{ secrets.tok }}",)"
      R"("method":"post",)";
  replay(bed,
         {{"GET",
           k_hook,
           "",
           200,
           "{" + kept +
               R"("body":"eyJ0Ijoie3sgZXNjYXBlIHRpdGxlIH19In0=","comment":"c",)"
               R"("header":["name=Content-Type,value=YXBwbGljYXRpb24vanNvbg==",)"
               R"("name=X-A,value=e3sgc2VjcmV0cy50b2sgfX0="],"secret":["name=tok","name=two"]})"},
          {"POST",
           k_endpoints + "/webhook",
           "name=wh  url=http://x  method=post",
           400,
           "Cannot create 'wh', an entity with the same name already exists"},
          {"PUT", k_hook, "secret=name=tok"},
          {"PUT", k_hook, "secret=name=new", 400, "secret 'new' not known"},
          {"PUT", k_hook, "header=name=X-B,value=Yg=="},
          {"PUT", k_hook, "delete=comment  delete=body"},
          {"GET",
           k_hook,
           "",
           200,
           "{" + kept + R"("header":["name=X-B,value=Yg=="],"secret":["name=tok"]})"},
          {"PUT",
           k_hook,
           "delete=comment,header",
           400,
           "delete[0]| invalid format - invalid configuration ID 'comment,header'"}});
  CHECK(bed.get(k_hook).body.find("aHVudGVyMg") == std::string::npos);
}

TEST_CASE("the digest is one for all objects, and a stale one stops a change") {
  Testbed bed;
  make_hook(bed);
  const std::string digest = text_or(bed.data(k_matchers + "/default-matcher"), "digest");
  CHECK(digest.size() == 64);
  CHECK(bed.put(k_hook, {{"comment", "c2"}, {"digest", digest}}).status == 200);
  const simulator::Response stale = bed.put(k_hook, {{"comment", "c3"}, {"digest", digest}});
  CHECK(stale.status == 400);
  CHECK(message_of(stale) ==
        "detected modified configuration - file changed by other user? Try again.");
  CHECK(bed.data(k_hook)["comment"] == "c2");
}

TEST_CASE("matchers need targets that exist, and keep them from being removed") {
  Testbed bed;
  make_hook(bed);
  replay(bed,
         {{"POST",
           k_matchers,
           "name=m1  target=wh  match-field=exact:type=vzdump  match-severity=error,warning  "
           "mode=all"},
          {"DELETE", k_hook, "", 400, "cannot delete 'wh', referenced by: m1"},
          {"GET",
           k_matchers,
           "",
           200,
           R"([{"target":["mail-to-root"],"mode":"all","comment":"Route all notifications to )"
           R"(mail-to-root","name":"default-matcher","origin":"builtin"},{"origin":"user-created",)"
           R"("name":"m1","mode":"all","target":["wh"],"match-severity":["error,warning"],)"
           R"("match-field":["exact:type=vzdump"]}])"},
          {"POST",
           k_matchers,
           "name=wh  target=wh",
           400,
           "Cannot create 'wh', an entity with the same name already exists"},
          {"POST",
           k_matchers,
           "name=m2  match-field=bad",
           500,
           "error: could not apply filter: invalid match-field statement: bad"},
          {"POST", k_matchers, "name=m2  target=nope", 404, "endpoint 'nope' does not exist"},
          {"DELETE", k_matchers + "/m1"},
          {"DELETE", k_hook},
          {"DELETE", k_hook, "", 404, "endpoint 'wh' not found"}});
}

TEST_CASE("what is built in is changed and reset, never removed") {
  Testbed bed;
  const std::string matcher = k_matchers + "/default-matcher";
  replay(bed, {{"PUT", matcher, "disable=1"}});
  CHECK(bed.data(matcher)["origin"] == "modified-builtin");
  CHECK(bed.data(matcher)["disable"] == 1);
  replay(bed,
         {{"DELETE", matcher},
          {"GET",
           matcher,
           "",
           200,
           R"({"comment":"Route all notifications to mail-to-root","mode":"all",)"
           R"("name":"default-matcher","origin":"builtin","target":["mail-to-root"]})"},
          {"DELETE", k_endpoints + "/sendmail/mail-to-root"},
          {"GET",
           "/cluster/notifications/targets",
           "",
           200,
           R"([{"origin":"builtin","name":"mail-to-root",)"
           R"("comment":"Send mails to root@pam's email address","type":"sendmail"}])"}});
}

TEST_CASE("mail needs a recipient, and every kind of endpoint its own properties") {
  Testbed bed;
  const std::string nobody =
      "must at least provide one recipient, either in mailto or in mailto-user";
  replay(
      bed,
      {{"POST",
        k_endpoints + "/sendmail",
        "name=1x  mailto=a@example.com",
        400,
        "name| invalid format - invalid configuration ID '1x'"},
       {"POST", k_endpoints + "/sendmail", "name=m9", 400, nobody},
       {"POST",
        k_endpoints + "/gotify",
        "name=g  server=http://127.0.0.1:9  token=t",
        400,
        "name| invalid format - invalid configuration ID 'g'"},
       {"GET",
        k_endpoints + "/gotify/g",
        "",
        400,
        "name| invalid format - invalid configuration ID 'g'"},
       {"POST", k_endpoints + "/gotify", "name=go  server=http://g.example.com  token=hunter2"},
       {"GET",
        k_endpoints + "/gotify/go",
        "",
        200,
        R"({"name":"go","origin":"user-created","server":"http://g.example.com"})"},
       {"GET", k_endpoints + "/smtp/go", "", 404, "endpoint 'go' not found"},
       {"POST",
        k_endpoints + "/smtp",
        "name=mail  server=mx.example.com  from-address=a@example.com  mailto=b@example.com  "
        "mailto=c@example.com  mode=starttls  port=587  username=u  password=hunter2"},
       {"GET",
        k_endpoints + "/smtp/mail",
        "",
        200,
        R"({"name":"mail","origin":"user-created","server":"mx.example.com","mode":"starttls",)"
        R"("from-address":"a@example.com","mailto":["b@example.com","c@example.com"],"port":587,)"
        R"("username":"u"})"},
       {"PUT", k_endpoints + "/smtp/mail", "delete=mailto", 400, nobody},
       {"PUT", k_endpoints + "/smtp/mail", "delete=server", 500, "unknown variant `server`"}});
}

TEST_CASE("a test notification says why it was not sent, without the secrets") {
  simulator::SimulatorOptions options = recorded_options();
  options.unreachable_servers = {"127.0.0.1"};
  Testbed bed(options);
  make_hook(bed);
  const std::string tests = "/cluster/notifications/targets/";
  replay(bed,
         {{"POST",
           tests + "wh/test",
           "",
           500,
           "Could not test target: http://127.0.0.1:9/x?t=<masked>: Connection Failed: Connect "
           "error: Connection refused (os error 111)"},
          {"POST", tests + "nope/test", "", 404, "endpoint 'nope' does not exist"},
          {"POST", tests + "mail-to-root/test"}});
}

TEST_CASE("endpoints need the right to reach the network beside that to change mappings") {
  Testbed bed;
  bed.post("/access/roles", {{"roleid", "Notes"}, {"privs", "Mapping.Modify"}});
  const std::string token = bed.make_token("notes@pve", "Notes", "/");
  const std::string limited = bed.make_token("vms@pve", "PVEVMAdmin", "/vms");
  bed.as(token);
  CHECK(bed.post(k_matchers, {{"name", "m1"}}).status == 200);
  const simulator::Response refused =
      bed.post(k_endpoints + "/sendmail", {{"name", "m2"}, {"mailto-user", "root@pam"}});
  CHECK(refused.status == 403);
  bed.as(limited);
  CHECK(message_of(bed.get("/cluster/notifications/targets")) == "Permission check failed");
  CHECK(message_of(bed.remove(k_matchers + "/m1")) ==
        "Permission check failed (/mapping/notifications, Mapping.Modify)");
}

}  // namespace aegis::test
