#include "engine/base/ed25519.h"

#include <openssl/evp.h>

namespace annals::ed25519 {
namespace {

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Context context() {
  Context out(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  check(out != nullptr, "OpenSSL gives a context");
  return out;
}

Key secret(const Seed& seed) {
  Key out(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes.data(), seed.bytes.size()), EVP_PKEY_free);
  check(out != nullptr, "OpenSSL takes any 32 bytes as a secret key");
  return out;
}

}  // namespace

PublicKey public_key(const Seed& seed) {
  PublicKey out;
  std::size_t length = out.bytes.size();
  check(EVP_PKEY_get_raw_public_key(secret(seed).get(), out.bytes.data(), &length) == 1 && length == out.bytes.size(), "OpenSSL gives the public key");
  return out;
}

std::string sign(const Seed& seed, std::string_view message) {
  const Key key = secret(seed);
  const Context signing = context();
  std::string out(kSignatureBytes, '\0');
  std::size_t length = out.size();
  check(EVP_DigestSignInit(signing.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
            EVP_DigestSign(signing.get(), reinterpret_cast<unsigned char*>(out.data()), &length, bytes(message), message.size()) == 1 && length == out.size(),
        "OpenSSL signs");
  return out;
}

Verifier::Verifier(const PublicKey& key)
    : key_(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()), [](void* old) { EVP_PKEY_free(static_cast<EVP_PKEY*>(old)); }) {}

bool Verifier::verify(std::string_view message, std::string_view signature) const {
  if (key_ == nullptr || signature.size() != kSignatureBytes) return false;
  const Context checking = context();
  return EVP_DigestVerifyInit(checking.get(), nullptr, nullptr, nullptr, static_cast<EVP_PKEY*>(key_.get())) == 1 &&
         EVP_DigestVerify(checking.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
}

}  // namespace annals::ed25519
