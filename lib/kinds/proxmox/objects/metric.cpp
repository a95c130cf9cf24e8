#include "kinds/proxmox/objects/metric.h"

#include <array>

#include "kinds/proxmox/objects/object_kind.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::array k_fields{
    // Every update names the server again, and Proxmox tests the connection.
    Field{.name = "server", .needed = "*", .always = true},
    Field{.name = "port", .form = number, .needed = "*", .always = true},
    Field{.name = "disable", .form = flag, .fallback = "0"},
    Field{.name = "mtu", .form = number, .fallback = "1500"},
    Field{.name = "timeout", .form = number, .fallback = "1"},

    Field{.name = "path", .fallback = "proxmox", .types = "graphite"},
    Field{.name = "proto", .fallback = "udp", .types = "graphite"},

    Field{.name = "influxdbproto", .fallback = "udp", .types = "influxdb"},
    Field{.name = "organization", .fallback = "proxmox", .types = "influxdb"},
    Field{.name = "bucket", .fallback = "proxmox", .types = "influxdb"},
    Field{.name = "token", .form = secret, .types = "influxdb", .shown_by = "influxdbproto"},
    Field{.name = "api-path-prefix", .types = "influxdb"},
    Field{.name = "max-body-size", .form = number, .fallback = "25000000", .types = "influxdb"},
    Field{.name = "verify-certificate", .form = flag, .fallback = "1", .types = "influxdb"},
};

constexpr proxmox::ObjectType k_type{.kind = "metric",
                                     .schema = "metrics",
                                     .section = "metrics",
                                     .noun = "metric server",
                                     .list = "/cluster/metrics/server",
                                     .id_key = "id",
                                     .fields = k_fields,
                                     .types = "graphite influxdb",
                                     .sends_type = true,
                                     .made_at_item = true,
                                     .lists_all = false};

}  // namespace

const Kind& metric_kind() {
  return proxmox::object_kind<k_type>();
}

}  // namespace aegis
