#pragma once
// Signatures (Ed25519, RFC 8032; libsodium does the work, which checks one in half the time that OpenSSL 3.0 takes). Threads: any.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/bytes.h"

namespace annals::ed25519 {

using Seed = Digest;        // 32 secret bytes
using PublicKey = Digest;   // 32 bytes
inline constexpr std::size_t kSignatureBytes = 64;

PublicKey public_key(const Seed& seed);
std::string sign(const Seed& seed, std::string_view message);

// False too where the key, or the point that the signature begins with, is none of the curve, or one of small order.
bool verify(const PublicKey& key, std::string_view message, std::string_view signature);

}  // namespace annals::ed25519
