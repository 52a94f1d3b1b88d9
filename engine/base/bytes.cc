#include "engine/base/bytes.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>
#include <vector>

namespace annals {
namespace {
// Fetching the algorithm costs more than hashing a statement with it, so it is done once.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  check(algorithm != nullptr, "OpenSSL has SHA-256");
  return algorithm;
}

// A context costs as much to make and to start as a short message to hash: they are used again, and started once a digest.
struct Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  bool started = false;
};
struct Pool {
  std::vector<Context*> free;
  ~Pool() {
    for (Context* context : free) {
      EVP_MD_CTX_free(context->evp);
      delete context;
    }
  }
};
Pool& pool() {
  static thread_local Pool contexts;
  return contexts;
}
EVP_MD_CTX* started(void* pointer) {
  auto* const context = static_cast<Context*>(pointer);
  if (!context->started) check(EVP_DigestInit_ex(context->evp, sha256_algorithm(), nullptr) == 1, "SHA-256 starts");
  context->started = true;
  return context->evp;
}
}  // namespace

std::string Digest::hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(64);
  for (std::uint8_t byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

Result<Digest> Digest::from_hex(std::string_view hex) {
  Digest out;
  auto bad = [&] { return Error{ErrorCode::kInvalid, "expected 64 hexadecimal digits, found '" + std::string(hex) + "'"}; };
  if (hex.size() != 64) return bad();
  for (std::size_t i = 0; i < 64; ++i) {
    const char c = hex[i];
    int digit;
    if (c >= '0' && c <= '9') digit = c - '0';
    else if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    else return bad();
    out.bytes[i / 2] = static_cast<std::uint8_t>(out.bytes[i / 2] << 4 | digit);
  }
  return out;
}

Sha256::Sha256() {
  std::vector<Context*>& free = pool().free;
  if (free.empty()) {
    auto fresh = std::make_unique<Context>();
    check(fresh->evp != nullptr, "there is memory for SHA-256");
    context_ = fresh.release();
  } else {
    context_ = free.back();
    free.pop_back();
  }
}
Sha256::~Sha256() {
  auto* const context = static_cast<Context*>(context_);
  context->started = false;
  pool().free.push_back(context);
}

Sha256& Sha256::add(std::string_view bytes) {
  check(EVP_DigestUpdate(started(context_), bytes.data(), bytes.size()) == 1, "SHA-256 takes bytes");
  return *this;
}
Sha256& Sha256::add_field(std::string_view bytes) { return add_field(bytes.size()).add(bytes); }
Sha256& Sha256::add_field(std::uint64_t number) {
  char raw[8];
  for (int i = 0; i < 8; ++i) raw[i] = static_cast<char>(number >> (8 * i));
  return add({raw, 8});
}
Digest Sha256::finish() {
  Digest out;
  unsigned length = 0;
  check(EVP_DigestFinal_ex(started(context_), out.bytes.data(), &length) == 1 && length == 32, "SHA-256 ends");
  static_cast<Context*>(context_)->started = false;
  return out;
}

Digest sha256(std::string_view bytes) { return Sha256().add(bytes).finish(); }

Digest random_digest() {
  Digest out;
  check(RAND_bytes(out.bytes.data(), static_cast<int>(out.bytes.size())) == 1, "the system has random bytes");
  return out;
}

}  // namespace annals
