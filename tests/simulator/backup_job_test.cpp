#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "simulator/recorded.h"

namespace aegis::test {
namespace {

const std::string k_jobs = "/cluster/backup";

std::string wrapped(const std::string& complaint) {
  return fmt::format("400 Parameter verification failed.\n{}", complaint);
}

}  // namespace

TEST_CASE("backup jobs are made as recorded") {
  Testbed bed;
  replay(
      bed,
      {{"POST",
        k_jobs,
        "id=nightly  schedule=02:30  storage=local  all=1  exclude=101  mode=snapshot  "
        "prune-backups=keep-last=3,keep-daily=7  performance=max-workers=4  "
        "notes-template={{guestname}}  notification-mode=notification-system"},
       {"POST",
        k_jobs,
        "id=nightly  schedule=02:30  storage=local  all=1",
        500,
        "Job 'nightly' already exists"},
       {"POST",
        k_jobs,
        "id=j3  storage=local  vmid=100",
        400,
        "schedule| neither 'starttime' nor 'schedule' were set"},
       {"POST", k_jobs, "id=j3  schedule=daily  storage=nostore  vmid=100"},
       {"POST",
        k_jobs,
        "id=j4  schedule=daily  storage=local",
        500,
        wrapped("vmid: property is missing")},
       {"POST",
        k_jobs,
        "id=j5  schedule=daily  storage=local  vmid=100  all=1",
        500,
        wrapped("all: option conflicts with option 'vmid'")},
       {"POST",
        k_jobs,
        "id=j6  schedule=daily  storage=local  pool=nopool",
        403,
        "Permission check failed (pool 'nopool' does not exist)"},
       {"POST",
        k_jobs,
        "id=j7  schedule=daily  storage=local  vmid=100  prune-backups=keep-last=1  remove=0  "
        "mailto=a@example.com  exclude-path=/srv/x  fleecing=enabled=1,storage=data"},
       {"GET",
        k_jobs + "/nightly",
        "",
        200,
        R"({"all":1,"enabled":1,"exclude":"101","id":"nightly","mode":"snapshot",)"
        R"("notes-template":"{{guestname}}","notification-mode":"notification-system",)"
        R"("performance":{"max-workers":"4"},"prune-backups":{"keep-daily":"7","keep-last":"3"},)"
        R"("schedule":"02:30","storage":"local","type":"vzdump"})"},
       {"GET",
        k_jobs + "/j7",
        "",
        200,
        R"({"enabled":1,"exclude-path":["/srv/x"],"fleecing":{"enabled":"1","storage":"data"},)"
        R"("id":"j7","mailto":"a@example.com","prune-backups":{"keep-last":"1"},"remove":0,)"
        R"("schedule":"daily","storage":"local","type":"vzdump","vmid":"100"})"}});
  CHECK(bed.post(k_jobs, {{"schedule", "*/15"}, {"vmid", "100,101"}}).status == 200);
  CHECK(bed.data(k_jobs).size() == 4);
  CHECK(bed.post(k_jobs, {{"schedule", "no such time"}, {"vmid", "100"}}).status == 400);
}

TEST_CASE("backup jobs are changed and removed as recorded") {
  Testbed bed;
  const std::string nightly = k_jobs + "/nightly";
  const std::string undefined =
      "property is not defined in schema and the schema does not allow additional properties";
  replay(bed,
         {{"POST",
           k_jobs,
           "id=nightly  schedule=02:30  storage=local  all=1  exclude=101  "
           "prune-backups=keep-last=3  performance=max-workers=4"},
          {"PUT", nightly, "vmid=100"},
          {"GET",
           nightly,
           "",
           200,
           R"({"enabled":1,"id":"nightly","performance":{"max-workers":"4"},)"
           R"("prune-backups":{"keep-last":"3"},"schedule":"02:30","storage":"local",)"
           R"("type":"vzdump","vmid":"100"})"},
          {"PUT", nightly, "delete=schedule", 500, wrapped("delete: unknown option 'schedule'")},
          {"PUT", nightly, "delete=prune-backups,performance  enabled=0"},
          {"GET",
           nightly,
           "",
           200,
           R"({"enabled":0,"id":"nightly","schedule":"02:30","storage":"local","type":"vzdump",)"
           R"("vmid":"100"})"},
          {"PUT", nightly, "digest=x", 400, "digest| " + undefined},
          {"PUT", k_jobs + "/nope", "enabled=1", 500, "no such vzdump job"},
          {"GET", k_jobs + "/nope", "", 400, "id| No such job 'nope'"},
          {"DELETE", k_jobs + "/nope", "", 500, wrapped("id: No such job 'nope'")},
          {"DELETE", nightly, "x=1", 400, "x| " + undefined},
          {"DELETE", nightly},
          {"GET", k_jobs, "", 200, "[]"}});
}

TEST_CASE("guests of no job are listed, and a purged guest leaves the jobs") {
  Testbed bed;
  bed.make_container(100, {{"hostname", "app"}});
  bed.make_container(101, {{"hostname", "db"}});
  replay(bed,
         {{"POST", k_jobs, "id=one  schedule=daily  vmid=100"},
          {"POST", k_jobs, "id=two  schedule=daily  vmid=100,101"},
          {"GET", "/cluster/backup-info/not-backed-up", "", 200, "[]"},
          {"DELETE", "./lxc/100", "purge=1", 200, "task OK"},
          {"GET", k_jobs + "/one", "", 400, "id| No such job 'one'"}});
  CHECK(bed.data(k_jobs + "/two")["vmid"] == "101");
  replay(bed,
         {{"PUT", k_jobs + "/two", "vmid=999"},
          {"GET",
           "/cluster/backup-info/not-backed-up",
           "",
           200,
           R"([{"name":"db","vmid":101,"type":"lxc"}])"}});
}

TEST_CASE("what reaches beyond the job is kept for those who may") {
  Testbed bed;
  bed.post("/access/roles", {{"roleid", "Jobs"}, {"privs", "Sys.Modify"}});
  const std::string token = bed.make_token("jobs@pve", "Jobs", "/");
  const std::string limited = bed.make_token("vms@pve", "PVEVMAdmin", "/vms");
  bed.as(token);
  const Testbed::Form job{{"id", "j1"}, {"schedule", "daily"}, {"vmid", "100"}};
  Testbed::Form with_storage = job;
  with_storage.emplace_back("storage", "local");
  CHECK(message_of(bed.post(k_jobs, with_storage)) ==
        "Permission check failed (/storage/local, Datastore.Allocate)");
  Testbed::Form with_script = job;
  with_script.emplace_back("script", "/root/x");
  CHECK(complaint_of(bed.post(k_jobs, with_script), "script") == "Only root may set this option.");
  CHECK(bed.post(k_jobs, job).status == 200);
  bed.as(limited);
  CHECK(message_of(bed.get(k_jobs)) == "Permission check failed (/, Sys.Audit)");
}

}  // namespace aegis::test
