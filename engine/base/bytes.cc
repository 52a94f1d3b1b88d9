#include "engine/base/bytes.h"

// OpenSSL 3 wants hashing to go through its providers, which costs a short message as much again as the hashing itself; nearly all of
// ours are short. These functions are the ones that the providers call, kept for programs like this one.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <memory>
#include <vector>

namespace annals {
namespace {
// The class's header names nothing of OpenSSL's, and memory for each digest would cost as much as hashing it: contexts are used again.
struct Pool {
  std::vector<std::unique_ptr<SHA256_CTX>> free;
};
Pool& pool() {
  static thread_local Pool contexts;
  return contexts;
}
SHA256_CTX* context_of(void* pointer) { return static_cast<SHA256_CTX*>(pointer); }
void start(void* pointer) { check(SHA256_Init(context_of(pointer)) == 1, "SHA-256 starts"); }
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
  auto& free = pool().free;
  if (free.empty()) free.push_back(std::make_unique<SHA256_CTX>());
  context_ = free.back().release();
  free.pop_back();
  start(context_);
}
Sha256::~Sha256() { pool().free.emplace_back(context_of(context_)); }

Sha256& Sha256::add(std::string_view bytes) {
  check(SHA256_Update(context_of(context_), bytes.data(), bytes.size()) == 1, "SHA-256 takes bytes");
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
  check(SHA256_Final(out.bytes.data(), context_of(context_)) == 1, "SHA-256 ends");
  start(context_);
  return out;
}

Digest sha256(std::string_view bytes) { return Sha256().add(bytes).finish(); }

Digest random_digest() {
  Digest out;
  check(RAND_bytes(out.bytes.data(), static_cast<int>(out.bytes.size())) == 1, "the system has random bytes");
  return out;
}

}  // namespace annals
