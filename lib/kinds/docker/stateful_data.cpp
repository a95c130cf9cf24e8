#include "kinds/docker/stateful_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/tar.h"
#include "base/text.h"

namespace aegis::docker {
namespace {

constexpr std::string_view k_allowing_label = "io.aegisctl.data-version";

struct Product {
  std::string_view name;
  std::string_view variable;  ///< of the image's environment; empty: known by its labels
  std::string_view folder;    ///< of the data
  std::string_view dump;      ///< how to write the data out with the old version
  std::string_view load;      ///< how to read it with the new one
};

constexpr std::array k_products{
    Product{"PostgreSQL",
            "PG_MAJOR",
            "/var/lib/postgresql/data",
            "docker exec {} pg_dumpall -U postgres > dump.sql",
            "docker exec -i {} psql -U postgres < dump.sql"},
    Product{"MariaDB",
            "MARIADB_VERSION",
            "/var/lib/mysql",
            "docker exec {} mariadb-dump --all-databases -p > dump.sql",
            "docker exec -i {} mariadb -p < dump.sql"},
    Product{"MySQL",
            "MYSQL_VERSION",
            "/var/lib/mysql",
            "docker exec {} mysqldump --all-databases -p > dump.sql",
            "docker exec -i {} mysql -p < dump.sql"},
    Product{"MongoDB",
            "MONGO_VERSION",
            "/data/db",
            "docker exec {} mongodump --archive > dump.archive",
            "docker exec -i {} mongorestore --archive < dump.archive"},
    Product{"Redis",
            "REDIS_VERSION",
            "/data",
            "docker exec {} redis-cli SAVE, and copy dump.rdb from its data",
            "put dump.rdb into the data of {} before it starts"},
    Product{"Elasticsearch",
            "",
            "/usr/share/elasticsearch/data",
            "take a snapshot of all indices of {} into a repository of their own",
            "restore the snapshot into {}"}};

const Product& product_called(std::string_view name) {
  return *std::find_if(k_products.begin(), k_products.end(), [&](const Product& product) {
    return product.name == name;
  });
}

std::string variable_of(const Json& config, std::string_view name) {
  for (const Json& entry : get(config, "Env")) {
    const std::string text = as_text(entry);
    if (text.starts_with(fmt::format("{}=", name))) return text.substr(name.size() + 1);
  }
  return "";
}

// "10" of "1:10.11.6+maria~ubu2204": Debian's versions have an epoch.
std::string major_of(std::string version) {
  if (const auto colon = version.find(':'); colon != std::string::npos) version.erase(0, colon + 1);
  return version.substr(0, version.find_first_not_of("0123456789"));
}

std::string elasticsearch_version(const Json& labels) {
  const std::string title =
      text_or(labels, "org.opencontainers.image.title", text_or(labels, "org.label-schema.name"));
  if (to_lower(title) != "elasticsearch") return "";
  return text_or(
      labels, "org.opencontainers.image.version", text_or(labels, "org.label-schema.version"));
}

std::string data_folder(const DataFormat& format, const Json& config) {
  std::string own = variable_of(config, "PGDATA");
  if (format.product == "PostgreSQL" && !own.empty()) return own;
  return std::string(product_called(format.product).folder);
}

Query version_query(const Stack& stack,
                    ApiVersion api,
                    const Json& container,
                    const std::string& folder) {
  return engine_query(stack,
                      api,
                      fmt::format("/containers/{}/archive?path={}",
                                  text_or(container, "Id"),
                                  percent_encode(folder + "/PG_VERSION")));
}

// The version that the data itself names; empty when it cannot be read.
std::string version_in(const Replies& replies, const Query& query) {
  const auto reply = replies.find(query);
  if (reply == replies.end() || reply->second.status != 200) return "";
  const auto entries = read_tar(reply->second.text);
  if (!entries || entries->size() != 1) return "";
  return major_of(std::string(trim(entries->front().content)));
}

bool covers(const std::string& target, const std::string& folder) {
  return folder == target || folder.starts_with(target + "/");
}

// What holds the data, when it is the same thing before and after: its name for people.
std::string kept_storage(const Json& wanted, const Observation& live) {
  const std::string folder = text_or(get(live.context, "data"), "folder");
  for (const auto& [target, mount] : get(live.attributes, "volumes").items()) {
    const Json& next = get(get(wanted, "volumes"), target);
    const bool moves_on = !next.is_null() && get(next, "source") == get(mount, "source");
    if (!covers(target, folder) || !moves_on) continue;
    return text_or(mount, "source", "an anonymous volume");
  }
  for (const Json& volume : get(live.context, "anonymous")) {
    const std::string target = text_or(volume, "target");
    const bool is_replaced = !get(get(wanted, "volumes"), target).is_null();
    if (covers(target, folder) && !is_replaced) return "an anonymous volume";
  }
  return "";
}

std::string refusal(const Json& data, const std::string& major, const std::string& container) {
  const std::string product = text_or(data, "product");
  const Product& how = product_called(product);
  return fmt::format(
      "its data is of {0} {1}, and the image has {0} {2}, which does not open it. Take these "
      "steps: "
      "1. write the data out while the old version runs ({3}); 2. give the service a new volume in "
      "the Compose file and apply; 3. read the data in ({4}). When the data was upgraded by other "
      "means or {0} {2} does open it, say so with the label {5}: \"{2}\" on the service.",
      product,
      text_or(data, "major"),
      major,
      fmt::format(fmt::runtime(how.dump), container),
      fmt::format(fmt::runtime(how.load), container),
      k_allowing_label);
}

bool is_allowed(const Json& data, const std::string& major) {
  return major.empty() || major == text_or(data, "major") || major == text_or(data, "allowed");
}

}  // namespace

std::optional<DataFormat> data_format(const Json& image_config) {
  for (const Product& product : k_products) {
    const std::string version = product.variable.empty()
                                    ? elasticsearch_version(get(image_config, "Labels"))
                                    : variable_of(image_config, product.variable);
    if (const std::string major = major_of(version); !major.empty()) {
      return DataFormat{std::string(product.name), major};
    }
  }
  return std::nullopt;
}

std::vector<Query> data_queries(const Stack& stack,
                                ApiVersion api,
                                const Json& container,
                                const Json& wanted_image) {
  const Json& config = get(container, "Config");
  const auto now = data_format(config);
  if (!now || now->product != "PostgreSQL") return {};
  const auto next = data_format(get(wanted_image, "Config"));
  if (next && next->major == now->major) return {};
  return {version_query(stack, api, container, data_folder(*now, config))};
}

Json data_context(const Stack& stack,
                  ApiVersion api,
                  const Json& container,
                  const Json& wanted_image,
                  const Json& spec,
                  const Replies& replies) {
  const Json& config = get(container, "Config");
  const auto now = data_format(config);
  if (!now) return nullptr;
  const std::string folder = data_folder(*now, config);
  const std::string read = version_in(replies, version_query(stack, api, container, folder));
  Json data = {{"product", now->product},
               {"major", read.empty() ? now->major : read},
               {"folder", folder},
               {"allowed", text_or(get(spec, "labels"), k_allowing_label)},
               {"wanted_major", nullptr}};
  const auto next = data_format(get(wanted_image, "Config"));
  if (next && next->product == now->product) data["wanted_major"] = next->major;
  return data;
}

std::string refused_version(const Json& wanted, const Observation& live) {
  const Json& data = get(live.context, "data");
  const std::string major = text_or(data, "wanted_major");
  if (data.is_null() || is_allowed(data, major) || kept_storage(wanted, live).empty()) return "";
  return refusal(data, major, text_or(live.context, "name"));
}

bool needs_data_check(const Json& wanted, const Observation& live) {
  return !get(live.context, "data").is_null() && !kept_storage(wanted, live).empty();
}

Result<Json> check_data(const Step& step, const EngineClient& client) {
  const auto image = client.get("/images/" + name_in_path(text_or(step.input, "image")) + "/json");
  if (!image) return image.error();
  const Json& data = get(step.input, "data");
  const auto format = data_format(get(image->body, "Config"));
  const bool fits =
      !format || format->product != text_or(data, "product") || is_allowed(data, format->major);
  if (fits) return Json::object();
  return Error{ErrorCode::conflict, refusal(data, format->major, text_or(step.input, "container"))};
}

}  // namespace aegis::docker
