#pragma once
// Texts signed by one or more keys, as in c2sp.org/signed-note: the text, an empty line, and a line a signature:
//
//   — <key name> base64(key id ‖ signature)
//
// A note's text means nothing until a key that the reader trusts has been found to have signed it; open_note() gives no other.
// Two kinds of key: the log's own (type 0x01, Ed25519 over the text), and a witness's (type 0x04, c2sp.org/tlog-cosignature: Ed25519
// over "cosignature/v1", the time in seconds and the text). Signatures of keys that the reader does not know are kept and passed over,
// so that witnesses can add theirs at any time.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/ed25519.h"

namespace annals {

enum class KeyKind : std::uint8_t { kNote = 0x01, kWitness = 0x04 };

// A public key under a name, and its text: "<name>+<key id, 8 hex digits>+<base64 of kind ‖ key>".
class VerifierKey {
 public:
  VerifierKey(std::string name, KeyKind kind, const ed25519::PublicKey& key);
  // kInvalid: what was expected, what was found.
  static Result<VerifierKey> parse(std::string_view text);
  std::string text() const;
  const std::string& name() const { return name_; }
  KeyKind kind() const { return kind_; }
  std::uint32_t id() const { return id_; }
  const ed25519::PublicKey& key() const { return key_; }

 private:
  std::string name_;
  KeyKind kind_;
  ed25519::PublicKey key_;
  std::uint32_t id_;
};

// A secret key under a name, and its text: "PRIVATE+KEY+<name>+<key id>+<base64 of kind ‖ seed>", as Go's sumdb/note writes it.
class SigningKey {
 public:
  // kInvalid: not a name (see valid_key_name).
  static Result<SigningKey> make(std::string name, KeyKind kind, const ed25519::Seed& seed);
  static Result<SigningKey> parse(std::string_view text);
  std::string text() const;
  const VerifierKey& verifier() const { return verifier_; }
  // A signature line, with its newline, for a note of this text. `posix_seconds` is told by witnesses only.
  std::string sign(std::string_view text, std::uint64_t posix_seconds = 0) const;

 private:
  SigningKey(VerifierKey verifier, const ed25519::Seed& seed) : verifier_(std::move(verifier)), seed_(seed) {}
  VerifierKey verifier_;
  ed25519::Seed seed_;
};

// UTF-8, not empty, no white space, no control characters, no plus.
bool valid_key_name(std::string_view name);

struct NoteSignature {
  std::string name;
  std::uint32_t id = 0;
  std::optional<std::uint64_t> posix_seconds;  // of a witness
};
struct OpenedNote {
  std::string text;
  std::vector<NoteSignature> verified;         // by known keys, in the note's order, one a key
  std::vector<NoteSignature> unknown;
};
inline constexpr std::size_t kNoteBytesMax = 1u << 20;
inline constexpr std::size_t kNoteSignaturesMax = 64;

// kInvalid: not a signed note. kCorrupt: a known key's signature does not hold, or there is none by a known key of kind kNote.
Result<OpenedNote> open_note(std::string_view note, std::span<const VerifierKey> known);

}  // namespace annals
