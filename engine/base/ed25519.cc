#include "engine/base/ed25519.h"

#include <sodium.h>

#include <algorithm>

namespace annals::ed25519 {
namespace {

static_assert(crypto_sign_SEEDBYTES == sizeof(Seed::bytes) && crypto_sign_PUBLICKEYBYTES == sizeof(PublicKey::bytes) && crypto_sign_BYTES == kSignatureBytes);

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

// Looks once what the processor can do. Threads: any.
void ready() {
  static const bool done = sodium_init() >= 0;
  check(done, "libsodium starts");
}

struct Pair {
  explicit Pair(const Seed& seed) {
    ready();
    check(crypto_sign_seed_keypair(open.bytes.data(), secret, seed.bytes.data()) == 0, "libsodium takes any 32 bytes as a seed");
  }
  ~Pair() { sodium_memzero(secret, sizeof secret); }
  PublicKey open;
  unsigned char secret[crypto_sign_SECRETKEYBYTES];
};

}  // namespace

PublicKey public_key(const Seed& seed) { return Pair(seed).open; }

std::string sign(const Seed& seed, std::string_view message) {
  const Pair pair(seed);
  std::string out(kSignatureBytes, '\0');
  check(crypto_sign_detached(reinterpret_cast<unsigned char*>(out.data()), nullptr, bytes(message), message.size(), pair.secret) == 0, "libsodium signs");
  return out;
}

bool verify(const PublicKey& key, std::string_view message, std::string_view signature) {
  ready();
  return signature.size() == kSignatureBytes && crypto_sign_verify_detached(bytes(signature), bytes(message), message.size(), key.bytes.data()) == 0;
}

}  // namespace annals::ed25519
