#pragma once
// Proofs checked without a store.

#include <optional>
#include <string>
#include <vector>

#include "engine/base/bytes.h"
#include "tools/annals/program.h"

namespace annals::cli {

struct VerifyProofOptions {
  std::string file;                        // a proof of an event (alone, or with all in one) or of growth, or a checkpoint
  std::vector<std::string> public_keys;    // texts or files; the log's, and witnesses'
  std::optional<std::string> checkpoint;   // the one an event is proven against; of a proof of growth the older one
  std::optional<std::string> event;        // the bytes of the event that is proven
  std::optional<Digest> root;              // or its root
  std::optional<std::uint64_t> size;       // and size
  std::size_t witnesses = 0;               // that must have cosigned
  bool json = false;
};
// kDone: it holds; kNegative: it does not, and the output says why.
Result<int> verify_proof(Program& program, const VerifyProofOptions& options);

// The log's size and root, signed with the key in `key_file`, which notes it beside the key. kCorrupt: the log is not a continuation of
// what that key signed before. `size`: of its first events; none: all.
Result<std::string> signed_checkpoint(const EventLog& log, const std::string& key_file, std::optional<std::uint64_t> size);

}  // namespace annals::cli
