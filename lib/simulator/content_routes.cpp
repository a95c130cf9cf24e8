#include "simulator/content_calls.h"
#include "simulator/routes.h"

namespace aegis::simulator {
namespace {

using enum FieldType;

const Field k_node{.name = "node", .required = true, .format = formats::node};
const Field k_storage{.name = "storage", .required = true, .format = formats::storage_id};
const Field k_some_storage{.name = "storage", .format = formats::storage_id};
const Field k_volume{.name = "volume", .required = true};
const Field k_checksum{.name = "checksum", .needs = "checksum-algorithm"};
const Field k_algorithm{.name = "checksum-algorithm",
                        .choices = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"},
                        .needs = "checksum"};
const Field k_content{.name = "content", .required = true, .choices = {"iso", "vztmpl", "import"}};
const Field k_file_name{.name = "filename", .required = true, .max_length = 255};
const Field k_url{.name = "url", .required = true, .pattern = "https?://.*"};
const Field k_verify{.name = "verify-certificates", .type = boolean};

const std::vector<Field> k_of_volume{k_node, k_some_storage, k_volume};
const std::vector<Field> k_update{
    k_node, k_some_storage, k_volume, {.name = "notes"}, {.name = "protected", .type = boolean}};
const std::vector<Field> k_delete{k_node,
                                  k_some_storage,
                                  k_volume,
                                  {.name = "delay", .type = integer, .minimum = 1, .maximum = 30}};
const std::vector<Field> k_download{k_node,
                                    k_storage,
                                    k_checksum,
                                    k_algorithm,
                                    {.name = "compression"},
                                    k_content,
                                    k_file_name,
                                    k_url,
                                    k_verify};
const std::vector<Field> k_upload{
    k_node,
    k_storage,
    k_checksum,
    k_algorithm,
    k_content,
    k_file_name,
    {.name = "tmpfilename", .pattern = "/var/tmp/pveupload-[0-9a-f]+"}};
const std::vector<Field> k_metadata{k_node, k_url, k_verify};

constexpr std::string_view k_this_storage = "/storage/{storage}";
const std::vector<std::string_view> k_adds_files{"Datastore.AllocateTemplate"};

}  // namespace

std::vector<Route> content_routes() {
  return {
      {"GET", "/nodes/{node}/storage/{storage}/content/{volume}", k_of_volume, read_volume},
      {"PUT", "/nodes/{node}/storage/{storage}/content/{volume}", k_update, update_volume},
      {"DELETE", "/nodes/{node}/storage/{storage}/content/{volume}", k_delete, delete_volume},
      {"POST",
       "/nodes/{node}/storage/{storage}/download-url",
       k_download,
       download_url,
       k_this_storage,
       k_adds_files},
      {"POST",
       "/nodes/{node}/storage/{storage}/upload",
       k_upload,
       upload_file,
       k_this_storage,
       k_adds_files},
      {"GET", "/nodes/{node}/query-url-metadata", k_metadata, read_url_metadata},
  };
}

}  // namespace aegis::simulator
