#include "engine/base/random.h"

#include <openssl/rand.h>

#include "engine/base/error.h"

namespace annals {

std::vector<Digest> random_digests(std::size_t count) {
  static_assert(sizeof(Digest) == sizeof(Digest::bytes), "digests lie side by side");
  std::vector<Digest> out(count);
  if (count > 0) check(RAND_bytes(out.front().bytes.data(), static_cast<int>(count * sizeof(Digest))) == 1, "the system has random bytes");
  return out;
}

}  // namespace annals
