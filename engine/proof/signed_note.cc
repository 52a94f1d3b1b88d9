#include "engine/proof/signed_note.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/base64.h"
#include "engine/base/utf8.h"

namespace annals {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // em dash, space
constexpr std::string_view kSecret = "PRIVATE+KEY+";

std::uint32_t key_id(std::string_view name, KeyKind kind, const ed25519::PublicKey& key) {
  const char type = static_cast<char>(kind);
  const Digest hash = Sha256().add(name).add("\n").add({&type, 1}).add(key.view()).finish();
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) id = id << 8 | hash.bytes[i];
  return id;
}

std::string big_endian(std::uint64_t number, unsigned bytes) {
  std::string out;
  for (unsigned i = bytes; i-- > 0;) out += static_cast<char>(number >> (8 * i) & 0xff);
  return out;
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (const char c : bytes) out = out << 8 | static_cast<std::uint8_t>(c);
  return out;
}

std::string cosigned(std::string_view text, std::uint64_t posix_seconds) { return fmt::format("cosignature/v1\ntime {}\n{}", posix_seconds, text); }

struct KeyText {
  std::string name;
  std::uint32_t id = 0;
  KeyKind kind = KeyKind::kNote;
  Digest bytes;
};

// "<name>+<id>+<base64>". A name has no plus, base64 may have some.
Result<KeyText> parse_key(std::string_view text) {
  const auto bad = [&](std::string_view what) { return Error{ErrorCode::kInvalid, fmt::format("expected a key as NAME+ID+BASE64, found {}", what)}; };
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return bad("fewer than three parts");
  KeyText out;
  out.name = text.substr(0, first);
  if (!valid_key_name(out.name)) return bad("a name that is empty, or has spaces or control characters");
  const std::string_view id = text.substr(first + 1, second - first - 1);
  if (id.size() != 8) return bad("an id that is not eight hexadecimal digits");
  for (const char c : id) {
    const auto digit = std::string_view("0123456789abcdef").find(c);
    if (digit == std::string_view::npos) return bad("an id that is not eight hexadecimal digits");
    out.id = out.id << 4 | static_cast<std::uint32_t>(digit);
  }
  const auto bytes = from_base64(text.substr(second + 1));
  if (!bytes || bytes->size() != 1 + out.bytes.bytes.size()) return bad("no 33 bytes in base64 at its end");
  out.kind = static_cast<KeyKind>(bytes->front());
  if (out.kind != KeyKind::kNote && out.kind != KeyKind::kWitness) return bad("a key of another kind than Ed25519 for notes (1) or cosignatures (4)");
  std::copy(bytes->begin() + 1, bytes->end(), out.bytes.bytes.begin());
  return out;
}

Result<VerifierKey> with_id(VerifierKey key, std::uint32_t id) {
  if (key.id() == id) return key;
  return Error{ErrorCode::kInvalid, fmt::format("expected the id {:08x} of the key {}, found {:08x}", key.id(), key.name(), id)};
}

struct Line {
  NoteSignature signature;
  std::string bytes;  // behind the id
};

Result<Line> parse_line(std::string_view line) {
  const auto bad = [&](std::string_view what) { return Error{ErrorCode::kInvalid, fmt::format("expected a signature line, found {}", what)}; };
  if (!line.starts_with(kDash)) return bad("a line that does not begin with an em dash and a space");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !valid_key_name(line.substr(0, space))) return bad("no key name");
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) return bad("no signature in base64");
  Line out;
  out.signature.name = line.substr(0, space);
  out.signature.id = static_cast<std::uint32_t>(read_big_endian(std::string_view(*bytes).substr(0, 4)));
  out.bytes = bytes->substr(4);
  return out;
}

bool holds(const VerifierKey& key, std::string_view text, Line& line) {
  if (key.kind() == KeyKind::kNote) return ed25519::verify(key.key(), text, line.bytes);
  if (line.bytes.size() != 8 + ed25519::kSignatureBytes) return false;
  const std::uint64_t time = read_big_endian(std::string_view(line.bytes).substr(0, 8));
  line.signature.posix_seconds = time;
  return time <= INT64_MAX && ed25519::verify(key.key(), cosigned(text, time), std::string_view(line.bytes).substr(8));
}

}  // namespace

bool valid_key_name(std::string_view name) {
  if (name.empty() || find_invalid_utf8(name)) return false;
  for (std::size_t at = 0; at < name.size();) {
    const CodePoint point = decode_utf8(name, at);
    at += point.length;
    const char32_t c = point.value;
    // Control characters, the plus, and what has Unicode's property White_Space.
    if (c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == '+' || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000)
      return false;
  }
  return true;
}

VerifierKey::VerifierKey(std::string name, KeyKind kind, const ed25519::PublicKey& key)
    : name_(std::move(name)), kind_(kind), key_(key), id_(key_id(name_, kind, key)) {}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  ANNALS_TRY(KeyText parts, parse_key(text));
  return with_id(VerifierKey(std::move(parts.name), parts.kind, parts.bytes), parts.id);
}

std::string VerifierKey::text() const {
  return fmt::format("{}+{:08x}+{}", name_, id_, base64(static_cast<char>(kind_) + std::string(key_.view())));
}

Result<SigningKey> SigningKey::make(std::string name, KeyKind kind, const ed25519::Seed& seed) {
  if (!valid_key_name(name)) return Error{ErrorCode::kInvalid, fmt::format("expected a name without spaces, plus signs and control characters, found '{}'", name)};
  return SigningKey(VerifierKey(std::move(name), kind, ed25519::public_key(seed)), seed);
}

Result<SigningKey> SigningKey::parse(std::string_view text) {
  if (!text.starts_with(kSecret)) return Error{ErrorCode::kInvalid, "expected a secret key, beginning with PRIVATE+KEY+"};
  ANNALS_TRY(KeyText parts, parse_key(text.substr(kSecret.size())));
  ANNALS_TRY(VerifierKey verifier, with_id(VerifierKey(std::move(parts.name), parts.kind, ed25519::public_key(parts.bytes)), parts.id));
  return SigningKey(std::move(verifier), parts.bytes);
}

std::string SigningKey::text() const {
  return fmt::format("{}{}+{:08x}+{}", kSecret, verifier_.name(), verifier_.id(), base64(static_cast<char>(verifier_.kind()) + std::string(seed_.view())));
}

std::string SigningKey::sign(std::string_view text, std::uint64_t posix_seconds) const {
  std::string bytes = big_endian(verifier_.id(), 4);
  if (verifier_.kind() == KeyKind::kWitness) {
    bytes += big_endian(posix_seconds, 8) + ed25519::sign(seed_, cosigned(text, posix_seconds));
  } else {
    bytes += ed25519::sign(seed_, text);
  }
  return fmt::format("{}{} {}\n", kDash, verifier_.name(), base64(bytes));
}

Result<OpenedNote> open_note(std::string_view note, std::span<const VerifierKey> known) {
  const auto bad = [](std::string what) { return Error{ErrorCode::kInvalid, "not a signed note: " + std::move(what)}; };
  if (note.size() > kNoteBytesMax) return bad(fmt::format("expected at most {} bytes, found {}", kNoteBytesMax, note.size()));
  if (find_invalid_utf8(note)) return bad("it is not UTF-8");
  if (std::any_of(note.begin(), note.end(), [](char c) { return static_cast<std::uint8_t>(c) < 0x20 && c != '\n'; })) return bad("it has control characters");
  const std::size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos) return bad("no empty line sets text and signatures apart");
  if (!note.ends_with('\n')) return bad("its last line has no end");

  OpenedNote out;
  out.text = note.substr(0, split + 1);
  std::string_view rest = note.substr(split + 2);
  if (rest.empty()) return bad("no signature");
  bool own = false;
  for (std::size_t lines = 0; !rest.empty(); ++lines) {
    if (lines == kNoteSignaturesMax) return bad(fmt::format("more than {} signatures", kNoteSignaturesMax));
    const std::size_t end = rest.find('\n');
    ANNALS_TRY(Line line, parse_line(rest.substr(0, end)));
    rest.remove_prefix(end + 1);
    const auto key = std::find_if(known.begin(), known.end(), [&](const VerifierKey& each) { return each.id() == line.signature.id && each.name() == line.signature.name; });
    if (key == known.end()) {
      out.unknown.push_back(std::move(line.signature));
      continue;
    }
    const auto is_key = [&](const NoteSignature& each) { return each.id == key->id() && each.name == key->name(); };
    if (std::any_of(out.verified.begin(), out.verified.end(), is_key)) return bad(fmt::format("{} signed it twice", key->name()));
    if (!holds(*key, out.text, line)) return Error{ErrorCode::kCorrupt, fmt::format("the signature of {} does not hold", key->name())};
    own |= key->kind() == KeyKind::kNote;
    out.verified.push_back(std::move(line.signature));
  }
  if (!own) return Error{ErrorCode::kCorrupt, "no known key has signed it"};
  return out;
}

}  // namespace annals
