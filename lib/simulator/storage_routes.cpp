#include "simulator/node_calls.h"
#include "simulator/routes.h"
#include "simulator/storage_types.h"

namespace aegis::simulator {
namespace {

const std::vector<Field> k_type{{.name = "type"}};
const std::vector<Field> k_of_storage{
    {.name = "storage", .required = true, .format = formats::storage_id}};
const std::vector<std::string_view> k_defines{"Datastore.Allocate"};

}  // namespace

std::vector<Route> storage_routes() {
  return {
      {"GET", "/storage", k_type, list_storage_config},
      {"POST", "/storage", new_storage_fields(), create_storage, "/storage", k_defines},
      {"GET",
       "/storage/{storage}",
       k_of_storage,
       read_storage_config,
       "/storage/{storage}",
       k_defines},
      {"PUT", "/storage/{storage}", storage_update_fields(), update_storage, "/storage", k_defines},
      {"DELETE", "/storage/{storage}", k_of_storage, delete_storage, "/storage", k_defines},
  };
}

}  // namespace aegis::simulator
