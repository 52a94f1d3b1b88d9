#pragma once
// Signatures (Ed25519, RFC 8032; OpenSSL does the work). Threads: any.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/bytes.h"

namespace annals::ed25519 {

using Seed = Digest;        // 32 secret bytes
using PublicKey = Digest;   // 32 bytes
inline constexpr std::size_t kSignatureBytes = 64;

PublicKey public_key(const Seed& seed);
std::string sign(const Seed& seed, std::string_view message);

// A key made ready once: that takes about as long as checking a signature does.
class Verifier {
 public:
  explicit Verifier(const PublicKey& key);
  // False too where the key is no point of the curve.
  bool verify(std::string_view message, std::string_view signature) const;

 private:
  std::shared_ptr<void> key_;
};

}  // namespace annals::ed25519
