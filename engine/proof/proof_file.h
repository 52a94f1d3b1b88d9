#pragma once
// What a third party needs to check the log without it: checkpoints, and files that prove something against one.
//
//   checkpoint          a signed note of origin, size and root (c2sp.org/tlog-checkpoint)
//   proof of an event   its position, its leaf, and the path from there to the root of a checkpoint
//   an event's bytes    from which its leaf follows: what a proof is about, for those who are to know
//   all three in one    c2sp.org/tlog-proof: index, path, checkpoint; `extra` holds the event's bytes
//   proof of growth     as a witness is asked to cosign (c2sp.org/tlog-witness): "old <size>", path, empty line, the newer checkpoint
//
// All are text. Nothing in them is trusted: a signature must hold, the leaf must follow from the event's bytes, and the path must lead
// from leaf (or old root) to the signed root. Whoever changes a byte of such a file makes it refused, save for signature lines of
// keys that the checker does not know, which it passes over.
//
// The three parts of the first kind are apart because they go different ways: the checkpoint to everybody, once, and early, since it is
// what shows that a proof was not made up afterwards; the proof, which is at most 1 KiB for a log of up to 16 million events, to whoever
// asks; the words only to whom they may be shown. Base 64 with a hash a line, as tlog-proof has it, would be 1.1 KiB at ten million.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/proof/signed_note.h"

namespace annals {

struct Checkpoint {
  std::string origin;   // names the log; the log's key has the same name
  std::uint64_t size = 0;
  Digest root;
  // The note's text. Requires: an origin of one line, not empty.
  std::string text() const;
  // kInvalid. Lines behind the third (extensions) are passed over, as its format wants it.
  static Result<Checkpoint> parse(std::string_view text);
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};
// Text, empty line, signature. The key must be of kind kNote; its name is the origin.
std::string sign_checkpoint(const SigningKey& key, std::uint64_t size, const Digest& root);

struct OpenedCheckpoint {
  Checkpoint checkpoint;
  std::vector<NoteSignature> verified;
  std::vector<NoteSignature> unknown;
};
// kInvalid: not a checkpoint. kCorrupt: a signature that does not hold, or none by a known key that has the origin's name.
Result<OpenedCheckpoint> open_checkpoint(std::string_view note, std::span<const VerifierKey> known);

// The bytes that a leaf is made of (event_log.h): the header, and either salt and body or, where the text is left out, their digest.
struct ProvenBytes {
  std::string header;
  std::optional<Digest> salt;   // with `body`
  std::string body;
  Digest body_digest;           // without salt
  Digest leaf() const;
};

// "proof <position>", then leaf and path in base 85 (base85.h), 40 characters a hash, four hashes a line.
struct InclusionProof {
  std::uint64_t index = 0;      // from 0: the position less one
  Digest leaf;
  std::vector<Digest> path;
  std::string text() const;
  static Result<InclusionProof> parse(std::string_view text);
};
// That the leaf is the one at `index` of the log that a known key has signed. Errors as open_checkpoint; kCorrupt too where the path
// does not lead from the leaf to the root.
Result<OpenedCheckpoint> check(const InclusionProof& proof, std::string_view checkpoint, std::span<const VerifierKey> known);

// An event's bytes as a file of their own: "event <base 64>", as in `extra`.
std::string event_text(const ProvenBytes& bytes);
Result<ProvenBytes> parse_event(std::string_view text);

struct EventProof {
  ProvenBytes bytes;
  std::uint64_t index = 0;      // from 0: the position less one
  std::vector<Digest> path;
  std::string checkpoint;       // the signed note
  std::string text() const;
  static Result<EventProof> parse(std::string_view text);
};
// That the bytes are the event at `index` of the log that a known key has signed. Errors as open_checkpoint; kCorrupt too where the
// path does not lead from the leaf to the root.
Result<OpenedCheckpoint> check(const EventProof& proof, std::span<const VerifierKey> known);

struct GrowthProof {
  std::uint64_t old_size = 0;
  std::vector<Digest> path;
  std::string checkpoint;
  std::string text() const;
  static Result<GrowthProof> parse(std::string_view text);
};
// That the log of the checkpoint begins with the log that had `old_root` over `old_size` events. kInvalid: the proof is about another
// size.
Result<OpenedCheckpoint> check(const GrowthProof& proof, std::uint64_t old_size, const Digest& old_root, std::span<const VerifierKey> known);

inline constexpr std::size_t kProofBytesMax = 200u << 20;  // an event may have 128 MiB
inline constexpr std::size_t kPathMax = 64;

}  // namespace annals
