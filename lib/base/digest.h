#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aegis {

/// SHA-256 of `data`, as 64 lower-case hex digits.
std::string sha256_hex(std::string_view data);

/// SHA-1 of `data`, as 40 lower-case hex digits. Only for what the systems themselves use it for
/// (Proxmox's configuration digests), never for security.
std::string sha1_hex(std::string_view data);

/// HMAC-SHA-256 of `data` under `key`, as 64 lower-case hex digits.
std::string hmac_sha256_hex(std::string_view key, std::string_view data);

/// `size` bytes from the operating system's random source. Throws std::runtime_error when it has
/// none.
std::string random_bytes(std::size_t size);

/// Lower-case hex of `bytes`.
std::string to_hex(std::string_view bytes);

/// Standard base64 (RFC 4648 section 4) with padding.
std::string base64_encode(std::string_view bytes);

/// Base64 for URLs and headers (RFC 4648 section 5) with padding.
std::string base64url_encode(std::string_view bytes);

/// The bytes of a standard base64 text with padding; nothing for any other text.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace aegis
