#include "engine/proof/proof_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/base/base64.h"
#include "engine/base/base85.h"
#include "engine/proof/proof.h"

namespace annals {
namespace {

constexpr std::string_view kEventProof = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kProof = "proof ";
constexpr std::string_view kEvent = "event ";
constexpr std::size_t kHashText = sizeof(Digest::bytes) / 4 * 5;
constexpr std::size_t kHashesPerLine = 4;

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }
Error refused(std::string message) { return {ErrorCode::kCorrupt, std::move(message)}; }

// Decimal without sign or leading zeroes.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  return out;
}

std::optional<Digest> digest(std::string_view text) {
  const auto bytes = from_base64(text);
  Digest out;
  if (!bytes || bytes->size() != out.bytes.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.bytes.begin());
  return out;
}

// Lines of a text, each with its end taken off.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  // None: no whole line is left.
  std::optional<std::string_view> next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    ++count_;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  std::string_view rest() const { return rest_; }
  Error expected(std::string_view what) const { return invalid(fmt::format("line {}: expected {}", count_, what)); }

 private:
  std::string_view rest_;
  std::size_t count_ = 0;
};

// Hashes, a line each, up to an empty line.
Result<std::vector<Digest>> parse_path(Lines& lines) {
  std::vector<Digest> out;
  for (;;) {
    const auto line = lines.next();
    if (!line) return invalid("expected an empty line ahead of the checkpoint, found the end");
    if (line->empty()) return out;
    const auto hash = digest(*line);
    if (!hash) return lines.expected("32 bytes in base64");
    if (out.size() == kPathMax) return lines.expected(fmt::format("no more than {} hashes", kPathMax));
    out.push_back(*hash);
  }
}

std::string path_text(std::span<const Digest> path) {
  std::string out;
  for (const Digest& hash : path) out += base64(hash.view()) + "\n";
  return out + "\n";
}

// `extra`: one byte that says what follows, the header's length (u32, little endian), the header, then 0: the digest of salt and body,
// or 1: salt and body.
std::string extra_text(const ProvenBytes& bytes) {
  std::string out(1, bytes.salt ? '\1' : '\0');
  for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(bytes.header.size() >> (8 * i) & 0xff);
  out += bytes.header;
  out += bytes.salt ? bytes.salt->view() : bytes.body_digest.view();
  return base64(bytes.salt ? out + bytes.body : out);
}

std::optional<ProvenBytes> parse_extra(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() < 5 || static_cast<std::uint8_t>(bytes->front()) > 1) return std::nullopt;
  const bool whole = bytes->front() == '\1';
  std::size_t length = 0;
  for (unsigned i = 4; i >= 1; --i) length = length << 8 | static_cast<std::uint8_t>((*bytes)[i]);
  std::string_view rest = std::string_view(*bytes).substr(5);
  Digest last;
  if (rest.size() < last.bytes.size() || rest.size() - last.bytes.size() < length) return std::nullopt;
  ProvenBytes out;
  out.header = rest.substr(0, length);
  rest.remove_prefix(length);
  std::copy_n(rest.begin(), last.bytes.size(), last.bytes.begin());
  rest.remove_prefix(last.bytes.size());
  if (whole) {
    out.salt = last;
    out.body = rest;
  } else {
    if (!rest.empty()) return std::nullopt;
    out.body_digest = last;
  }
  return out;
}

}  // namespace

std::string Checkpoint::text() const { return fmt::format("{}\n{}\n{}\n", origin, size, base64(root.view())); }

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
  Lines lines(text);
  Checkpoint out;
  const auto origin = lines.next();
  if (!origin || origin->empty()) return invalid("not a checkpoint: expected the log's name in line 1");
  out.origin = *origin;
  const auto size_line = lines.next();
  const auto size = size_line ? number(*size_line) : std::nullopt;
  if (!size) return invalid("not a checkpoint: expected the log's size in line 2");
  out.size = *size;
  const auto root_line = lines.next();
  const auto root = root_line ? digest(*root_line) : std::nullopt;
  if (!root) return invalid("not a checkpoint: expected the root, 32 bytes in base64, in line 3");
  out.root = *root;
  while (const auto extension = lines.next())
    if (extension->empty()) return invalid("not a checkpoint: an empty line");
  if (!lines.rest().empty()) return invalid("not a checkpoint: its last line has no end");
  return out;
}

std::string sign_checkpoint(const SigningKey& key, std::uint64_t size, const Digest& root) {
  check(key.verifier().kind() == KeyKind::kNote, "a log signs with a key for notes");
  const std::string text = Checkpoint{key.verifier().name(), size, root}.text();
  return text + "\n" + key.sign(text);
}

Result<OpenedCheckpoint> open_checkpoint(std::string_view note, std::span<const VerifierKey> known) {
  ANNALS_TRY(OpenedNote opened, open_note(note, known));
  OpenedCheckpoint out;
  ANNALS_TRY(out.checkpoint, Checkpoint::parse(opened.text));
  const bool by_log = std::any_of(opened.verified.begin(), opened.verified.end(), [&](const NoteSignature& each) { return !each.posix_seconds && each.name == out.checkpoint.origin; });
  if (!by_log) return refused(fmt::format("the log {} has not signed it with a known key", out.checkpoint.origin));
  out.verified = std::move(opened.verified);
  out.unknown = std::move(opened.unknown);
  return out;
}

Digest ProvenBytes::leaf() const { return salt ? leaf_hash(header, *salt, body) : leaf_hash(header, body_digest); }

std::string InclusionProof::text() const {
  std::string out = fmt::format("{}{}\n{}", kProof, index + 1, base85(leaf.view()));
  for (std::size_t i = 0; i < path.size(); ++i) {
    if ((i + 1) % kHashesPerLine == 0) out += '\n';
    out += base85(path[i].view());
  }
  return out + "\n";
}

Result<InclusionProof> InclusionProof::parse(std::string_view text) {
  Lines lines(text);
  InclusionProof out;
  const auto first = lines.next();
  const auto position = first && first->starts_with(kProof) ? number(first->substr(kProof.size())) : std::nullopt;
  if (!position || *position == 0) return lines.expected("proof and a position");
  out.index = *position - 1;
  std::vector<Digest> hashes;
  bool last = false;
  while (const auto line = lines.next()) {
    if (last || line->empty() || line->size() % kHashText != 0 || line->size() > kHashesPerLine * kHashText)
      return lines.expected(fmt::format("{} characters, fewer in the last line only, and {} at least", kHashesPerLine * kHashText, kHashText));
    last = line->size() < kHashesPerLine * kHashText;
    const auto bytes = from_base85(*line);
    if (!bytes) return lines.expected("hashes in base 85");
    for (std::size_t at = 0; at < bytes->size(); at += sizeof(Digest::bytes)) std::copy_n(bytes->begin() + static_cast<std::ptrdiff_t>(at), sizeof(Digest::bytes), hashes.emplace_back().bytes.begin());
    if (hashes.size() > 1 + kPathMax) return lines.expected(fmt::format("no more than {} hashes", 1 + kPathMax));
  }
  if (!lines.rest().empty()) return invalid("not a proof: its last line has no end");
  if (hashes.empty()) return invalid("line 2: expected the event's leaf, found the end");
  out.leaf = hashes.front();
  out.path.assign(hashes.begin() + 1, hashes.end());
  return out;
}

Result<OpenedCheckpoint> check(const InclusionProof& proof, std::string_view checkpoint, std::span<const VerifierKey> known) {
  ANNALS_TRY(OpenedCheckpoint opened, open_checkpoint(checkpoint, known));
  if (!verify_inclusion(proof.leaf, proof.index, opened.checkpoint.size, proof.path, opened.checkpoint.root))
    return refused(fmt::format("this is no proof of event {} in the log of {} events that was signed", proof.index + 1, opened.checkpoint.size));
  return opened;
}

std::string event_text(const ProvenBytes& bytes) { return fmt::format("{}{}\n", kEvent, extra_text(bytes)); }

Result<ProvenBytes> parse_event(std::string_view text) {
  if (text.size() > kProofBytesMax) return invalid(fmt::format("expected at most {} bytes, found {}", kProofBytesMax, text.size()));
  Lines lines(text);
  const auto line = lines.next();
  auto bytes = line && line->starts_with(kEvent) && lines.rest().empty() ? parse_extra(line->substr(kEvent.size())) : std::nullopt;
  if (!bytes) return invalid("not an event: expected one line, event and its bytes in base 64");
  return std::move(*bytes);
}

std::string EventProof::text() const {
  return fmt::format("{}\nextra {}\nindex {}\n{}{}", kEventProof, extra_text(bytes), index, path_text(path), checkpoint);
}

Result<EventProof> EventProof::parse(std::string_view text) {
  if (text.size() > kProofBytesMax) return invalid(fmt::format("expected at most {} bytes, found {}", kProofBytesMax, text.size()));
  Lines lines(text);
  if (lines.next() != kEventProof) return lines.expected(kEventProof);
  EventProof out;
  const auto extra = lines.next();
  if (!extra || !extra->starts_with("extra ")) return lines.expected("extra and the event's bytes");
  auto bytes = parse_extra(extra->substr(6));
  if (!bytes) return lines.expected("the event's bytes in base64");
  out.bytes = std::move(*bytes);
  const auto index_line = lines.next();
  const auto index = index_line && index_line->starts_with("index ") ? number(index_line->substr(6)) : std::nullopt;
  if (!index) return lines.expected("index and a number");
  out.index = *index;
  ANNALS_TRY(out.path, parse_path(lines));
  out.checkpoint = lines.rest();
  return out;
}

Result<OpenedCheckpoint> check(const EventProof& proof, std::span<const VerifierKey> known) {
  ANNALS_TRY(OpenedCheckpoint opened, open_checkpoint(proof.checkpoint, known));
  if (!verify_inclusion(proof.bytes.leaf(), proof.index, opened.checkpoint.size, proof.path, opened.checkpoint.root))
    return refused(fmt::format("these bytes are not event {} of the log of {} events that was signed", proof.index + 1, opened.checkpoint.size));
  return opened;
}

std::string GrowthProof::text() const { return fmt::format("old {}\n{}{}", old_size, path_text(path), checkpoint); }

Result<GrowthProof> GrowthProof::parse(std::string_view text) {
  if (text.size() > kProofBytesMax) return invalid(fmt::format("expected at most {} bytes, found {}", kProofBytesMax, text.size()));
  Lines lines(text);
  GrowthProof out;
  const auto old_line = lines.next();
  const auto old_size = old_line && old_line->starts_with("old ") ? number(old_line->substr(4)) : std::nullopt;
  if (!old_size) return lines.expected("old and a size");
  out.old_size = *old_size;
  ANNALS_TRY(out.path, parse_path(lines));
  out.checkpoint = lines.rest();
  return out;
}

Result<OpenedCheckpoint> check(const GrowthProof& proof, std::uint64_t old_size, const Digest& old_root, std::span<const VerifierKey> known) {
  if (proof.old_size != old_size) return invalid(fmt::format("expected a proof of growth from {} events, found one from {}", old_size, proof.old_size));
  ANNALS_TRY(OpenedCheckpoint opened, open_checkpoint(proof.checkpoint, known));
  if (!verify_consistency(proof.old_size, old_root, opened.checkpoint.size, opened.checkpoint.root, proof.path))
    return refused(fmt::format("the log of {} events that was signed does not begin with those {} events", opened.checkpoint.size, proof.old_size));
  return opened;
}

}  // namespace annals
