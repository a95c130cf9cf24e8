#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/recorded.h"

namespace aegis::test {
namespace {

constexpr std::string_view k_url = "https://images.example.com/base.tar.zst";
constexpr std::string_view k_storage = "/nodes/pve/storage/local";

simulator::SimulatorOptions with_web() {
  simulator::SimulatorOptions options = recorded_options();
  options.web_files = {{std::string(k_url), "the image"}};
  options.unreachable_servers = {"down.example.com"};
  return options;
}

Testbed::Form download(std::string url, std::string checksum = "") {
  Testbed::Form form{{"url", std::move(url)}, {"content", "vztmpl"}, {"filename", "base.tar.zst"}};
  if (!checksum.empty()) {
    form.emplace_back("checksum", std::move(checksum));
    form.emplace_back("checksum-algorithm", "sha256");
  }
  return form;
}

std::string get_url(Testbed& bed, const Testbed::Form& form) {
  return bed.exit_status(bed.post(fmt::format("{}/download-url", k_storage), form));
}

simulator::Response upload(Testbed& bed, const std::string& fields, const std::string& name) {
  simulator::Request request;
  request.method = "POST";
  request.target = fmt::format("/api2/json{}/upload", k_storage);
  const simulator::Ticket ticket = bed.host().mint_ticket();
  request.headers["cookie"] = "PVEAuthCookie=" + percent_encode(ticket.ticket);
  request.headers["csrfpreventiontoken"] = ticket.csrf_token;
  request.headers["content-type"] = "multipart/form-data; boundary=xx";
  for (const std::string& field : split_any(fields, " ")) {
    const std::size_t equals = field.find('=');
    request.body += fmt::format("--xx\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                                field.substr(0, equals),
                                field.substr(equals + 1));
  }
  request.body += fmt::format(
      "--xx\r\nContent-Disposition: form-data; name=\"filename\"; filename=\"{}\"\r\n"
      "Content-Type: application/octet-stream\r\n\r\nsome\r\nbytes\r\n--xx--\r\n",
      name);
  return bed.host().handle(request);
}

bool holds(Testbed& bed, const std::string& volume) {
  for (const Json& item : bed.data(fmt::format("{}/content", k_storage))) {
    if (text_or(item, "volid") == volume) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a file is fetched from the network, and again only when its checksum proves it") {
  Testbed bed(with_web());
  const std::string good = sha256_hex("the image");
  CHECK(get_url(bed, download(std::string(k_url), good)) == "OK");
  CHECK(holds(bed, "local:vztmpl/base.tar.zst"));
  CHECK(get_url(bed, download(std::string(k_url), good)) == "OK");
  CHECK(get_url(bed, download(std::string(k_url))).starts_with("refusing to override"));
  const std::string other = sha256_hex("other");
  CHECK(get_url(bed, download(std::string(k_url), other)) ==
        fmt::format("mismatch (got '{}' != expect '{}'), aborting", good, other));
}

TEST_CASE("a download that is unreachable, missing or spoiled leaves nothing behind") {
  Testbed bed(with_web());
  CHECK(get_url(bed, download("https://down.example.com/x")) == "download failed: exit code 4");
  CHECK(get_url(bed, download("https://images.example.com/no")) == "download failed: exit code 8");
  const std::string other = sha256_hex("other");
  CHECK(get_url(bed, download(std::string(k_url), other)) ==
        fmt::format("checksum mismatch: got '{}' != expect '{}'", sha256_hex("the image"), other));
  CHECK_FALSE(holds(bed, "local:vztmpl/base.tar.zst"));
}

TEST_CASE("a download is refused where the storage or the name does not fit") {
  Testbed bed(with_web());
  Testbed::Form form = download(std::string(k_url));
  CHECK(message_of(bed.post("/nodes/pve/storage/data/download-url", form)) ==
        "storage 'data' is not configured for content-type 'vztmpl'");
  CHECK(message_of(bed.post("/nodes/pve/storage/none/download-url", form)) ==
        "storage 'none' does not exist");
  form[2].second = "base.iso";
  CHECK(complaint_of(bed.post(fmt::format("{}/download-url", k_storage), form), "filename") ==
        "wrong file extension");
  form.emplace_back("checksum", "aa");
  CHECK(complaint_of(bed.post(fmt::format("{}/download-url", k_storage), form),
                     "checksum-algorithm") ==
        "missing property - 'checksum' requires this property");
}

TEST_CASE("reaching the network in the host's name needs a right of its own") {
  Testbed bed(with_web());
  bed.post("/access/roles", {{"roleid", "Files"}, {"privs", "Datastore.AllocateTemplate"}});
  bed.as(bed.make_token("files@pve", "Files", "/"));
  const simulator::Response refused =
      bed.post(fmt::format("{}/download-url", k_storage), download(std::string(k_url)));
  CHECK(refused.status == 403);
  CHECK(bed.get("/nodes/pve/query-url-metadata", {{"url", std::string(k_url)}}).status == 403);
}

TEST_CASE("a URL can be asked about before it is fetched") {
  Testbed bed(with_web());
  replay(bed,
         {{"GET",
           "./query-url-metadata",
           "url=https://images.example.com/base.tar.zst",
           200,
           R"({"filename":"base.tar.zst","size":9,"mimetype":"application/octet-stream"})"},
          {"GET",
           "./query-url-metadata",
           "url=https://images.example.com/no",
           500,
           "invalid server response: '404 Not Found'"},
          {"GET",
           "./query-url-metadata",
           "url=ftp://x",
           400,
           "url| value does not match the regex pattern"}});
}

TEST_CASE("an uploaded file is on the storage, whole and checked") {
  Testbed bed;
  const std::string sum = sha256_hex("some\r\nbytes");
  const simulator::Response done =
      upload(bed, "content=iso checksum-algorithm=sha256 checksum=" + sum, "tiny image.iso");
  CHECK(bed.exit_status(done) == "OK");
  const Json item = bed.data(fmt::format("{}/content/local:iso/tiny_image.iso", k_storage));
  CHECK(item["size"] == 11);
  CHECK(item["path"] == "/var/lib/vz/template/iso/tiny_image.iso");
  CHECK(bed.exit_status(upload(bed, "content=iso", "tiny image.iso")) == "OK");
  const simulator::Response spoiled =
      upload(bed, "content=iso checksum-algorithm=md5 checksum=00", "b.iso");
  CHECK(bed.exit_status(spoiled).starts_with("checksum mismatch: got '"));
  CHECK_FALSE(holds(bed, "local:iso/b.iso"));
  CHECK(complaint_of(upload(bed, "content=iso", "b.txt"), "filename") == "wrong file extension");
  CHECK(upload(bed, "content=vztmpl storage=data", "b.tar.gz").status == 200);
}

TEST_CASE("a file is removed by a task, and one that never was as well") {
  Testbed bed;
  const std::string path = fmt::format("{}/content/{}", k_storage, k_template);
  CHECK(bed.exit_status(bed.remove(path)) == "OK");
  CHECK_FALSE(holds(bed, std::string(k_template)));
  CHECK(bed.exit_status(bed.remove(path)) == "OK");
  CHECK(message_of(bed.get(path)) == fmt::format("volume_size_info on '{}' failed", k_template));
  const simulator::Response waited = bed.remove(path, {{"delay", "5"}});
  CHECK(waited.status == 200);
  CHECK(get(body_of(waited), "data").is_null());
  CHECK(complaint_of(bed.remove("/nodes/pve/storage/data/content/" + std::string(k_template)),
                     "storage") == "storage ID mismatch (data != local)");
  bed.as(bed.make_token("reader@pve", "PVEAuditor", "/"));
  CHECK(message_of(bed.remove(path)) ==
        "Permission check failed (/storage/local, Datastore.Allocate)");
}

TEST_CASE("a template from the index needs the network too") {
  simulator::SimulatorOptions options = recorded_options();
  options.unreachable_servers = {"download.proxmox.com"};
  Testbed bed(options);
  const std::string file = "debian-12-standard_12.7-1_amd64.tar.zst";
  CHECK(
      bed.exit_status(bed.post("/nodes/pve/aplinfo", {{"storage", "local"}, {"template", file}})) ==
      "download failed: exit code 4");
  CHECK_FALSE(holds(bed, "local:vztmpl/" + file));
}

}  // namespace aegis::test
