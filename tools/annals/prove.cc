// annals key, checkpoint, prove, tiles, and verify --proof: what shows somebody else that the log was not altered.
//
// The operator keeps the key; the store does not hold it, so that a copy of the store cannot sign. Beside the key lies the newest
// checkpoint it signed: a log that no longer begins with that one (a store restored from an older copy, or rewritten) is not signed.

#include "tools/annals/prove.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "engine/audit/proven.h"
#include "engine/codec/codec.h"
#include "engine/proof/proof_file.h"
#include "tools/annals/commands.h"
#include "tools/annals/outputs.h"
#include "tools/annals/json.h"

namespace annals::cli {
namespace {

Result<std::string> read_text(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", file, std::strerror(errno))};
  return std::move(text).str();
}

// To standard output, or to a file that may be there.
Status deliver(Program& program, const std::optional<std::string>& file, const std::string& text) {
  if (!file || *file == "-") {
    program.out.write(text);
    return {};
  }
  return write_whole(*file, text, 0644, false);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

Result<SigningKey> read_key(const std::string& file) {
  struct stat about {};
  if (stat(file.c_str(), &about) != 0) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", file, std::strerror(errno))};
  // As ssh does: a secret that others can read is none.
  if ((about.st_mode & 077) != 0) return Error{ErrorCode::kInvalid, fmt::format("{}: others than its owner can read this key; chmod 600 it first", file)};
  ANNALS_TRY(const std::string text, read_text(file));
  auto key = SigningKey::parse(trimmed(text));
  if (!key) return at(file, key.error());
  return key;
}

// A public key as text, or a file that has it in its first line.
Result<VerifierKey> public_key(const std::string& given) {
  if (given.find('+') != std::string::npos && !std::filesystem::exists(given)) return VerifierKey::parse(given);
  ANNALS_TRY(const std::string text, read_text(given));
  auto key = VerifierKey::parse(trimmed(std::string_view(text).substr(0, text.find('\n'))));
  if (!key) return at(given, key.error());
  return key;
}

std::string last_file(const std::string& key_file) { return key_file + ".checkpoint"; }

}  // namespace

// Signs, unless the log is not a continuation of what the key has signed before.
Result<std::string> signed_checkpoint(const EventLog& log, const std::string& key_file, std::optional<std::uint64_t> size) {
  ANNALS_TRY(const SigningKey key, read_key(key_file));
  if (key.verifier().kind() != KeyKind::kNote) return Error{ErrorCode::kInvalid, fmt::format("{}: a witness's key; a log signs with one for notes", key_file)};
  const Position end{size.value_or(log.last().value)};
  if (end > log.last()) return Error{ErrorCode::kInvalid, fmt::format("expected a size of at most {}, found {}", log.last().value, end.value)};
  ANNALS_TRY(const Digest root, log.root(end));
  std::uint64_t newest = 0;
  if (const std::string file = last_file(key_file); std::filesystem::exists(file)) {
    ANNALS_TRY(const std::string text, read_text(file));
    const VerifierKey known = key.verifier();
    auto last = open_checkpoint(text, {&known, 1});
    if (!last) return at(file, last.error());
    const Checkpoint& before = last->checkpoint;
    newest = before.size;
    const auto differs = [&](std::string_view how) {
      return Error{ErrorCode::kCorrupt, fmt::format("this log is not the one that {} signed before: {} ({})", key.verifier().name(), how, file)};
    };
    if (before.size > log.last().value) return differs(fmt::format("{} events were signed, and it has {}", before.size, log.last().value));
    ANNALS_TRY(const Digest again, log.root(Position{before.size}));
    if (again != before.root) return differs(fmt::format("its first {} events have another root", before.size));
  }
  const std::string out = sign_checkpoint(key, end.value, root);
  // Noted before it is handed out.
  if (end.value >= newest) ANNALS_CHECK_OK(write_whole(last_file(key_file), out, 0644, false));
  return out;
}

namespace {

// ---- key

struct KeyOptions {
  std::string file;
  std::string name;
  bool witness = false;
};

Result<int> run_key_new(Program& program, const KeyOptions& options) {
  ANNALS_TRY(const SigningKey key, SigningKey::make(options.name, options.witness ? KeyKind::kWitness : KeyKind::kNote, random_digest()));
  ANNALS_CHECK_OK(write_whole(options.file, key.text() + "\n", 0600, true));
  program.out.line(key.verifier().text());
  return kDone;
}

Result<int> run_key_show(Program& program, const KeyOptions& options) {
  ANNALS_TRY(const SigningKey key, read_key(options.file));
  program.out.line(key.verifier().text());
  return kDone;
}

// ---- checkpoint

struct CheckpointOptions {
  std::string key;
  std::optional<std::uint64_t> size;
  std::optional<std::string> out;
};

Result<int> run_checkpoint(Program& program, const CheckpointOptions& options) {
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  ANNALS_TRY(const std::string checkpoint, signed_checkpoint(*log, options.key, options.size));
  ANNALS_CHECK_OK(deliver(program, options.out, checkpoint));
  return kDone;
}

// ---- prove

struct ProveOptions {
  std::optional<std::uint64_t> position;
  bool all = false;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  Format format = Format::kTable;
  std::optional<std::uint64_t> from;
  std::optional<std::uint64_t> to;
  std::optional<std::string> key;
  std::optional<std::string> checkpoint;
  bool in_one = false;
  std::optional<std::string> event;
  bool without_text = false;
  std::optional<std::string> out;
};

// Each event's proof, made and checked; nothing is written.
Result<int> prove_all(Program& program, const ProveOptions& options, const EventLog& log, std::uint64_t size) {
  ANNALS_TRY(const Digest root, log.root(Position{size}));
  Progress progress(program.progress);
  const auto began = std::chrono::steady_clock::now();
  ANNALS_TRY(const ProvenEvents proven, prove_events(log, size, root, options.threads, [&](std::uint64_t done, std::uint64_t total) {
    progress.show(fmt::format("{} of {} events proven", grouped(done), grouped(total)));
  }));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  progress.clear();
  if (options.format != Format::kTable) {
    Json refused = Json::array();
    for (const Position position : proven.refused) refused.push_back(position.value);
    program.out.line(to_line(Json{{"events", proven.events}, {"proven", proven.proven}, {"refused", std::move(refused)}, {"root", root.hex()}, {"proof_bytes_max", proven.proof_bytes_max}, {"seconds", seconds}}));
  } else {
    for (const Position position : proven.refused) program.out.line(paint(fmt::format("position {}: has no proof that holds; annals verify says what is damaged", position.value), Ink::kRed, program.colour));
    program.out.line(fmt::format("{} of {} events proven against root {}: each one's proof was made and checked, the longest is {} bytes ({:.1f} s)", grouped(proven.proven), grouped(proven.events), root.hex(),
                                 grouped(proven.proof_bytes_max), seconds));
  }
  return proven.proven == proven.events ? kDone : kNegative;
}

Result<int> run_prove(Program& program, const ProveOptions& options) {
  if ((options.position ? 1 : 0) + (options.from ? 1 : 0) + (options.all ? 1 : 0) != 1)
    return Error{ErrorCode::kInvalid, "expected a POSITION, --all for every event, or --from N (and --to M) for a proof that the log only grew"};
  if (options.to && !options.from) return Error{ErrorCode::kInvalid, "--to: expected with --from"};
  if ((options.in_one || options.event) && !options.position) return Error{ErrorCode::kInvalid, fmt::format("{}: expected with a POSITION", options.in_one ? "--in-one" : "--event")};
  if (options.in_one && options.event) return Error{ErrorCode::kInvalid, "--event: expected without --in-one, which has the event's bytes in it"};
  if (options.without_text && !options.in_one && !options.event) return Error{ErrorCode::kInvalid, "--without-text: expected with --event FILE or --in-one; a proof alone has no text in it"};
  if (options.key && options.checkpoint) return Error{ErrorCode::kInvalid, "expected --key FILE to sign a checkpoint, or --checkpoint FILE that is signed already, and not both"};
  if (!options.key && !options.checkpoint && !options.all) return Error{ErrorCode::kInvalid, "expected --key FILE to sign a checkpoint, or --checkpoint FILE that is signed already"};
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));

  std::string signed_note;
  std::uint64_t size = options.to.value_or(log->last().value);
  if (options.key) {
    ANNALS_TRY(signed_note, signed_checkpoint(*log, *options.key, size));
  } else if (options.checkpoint) {
    ANNALS_TRY(signed_note, read_text(*options.checkpoint));
    auto noted = Checkpoint::parse(std::string_view(signed_note).substr(0, signed_note.rfind("\n\n") + 1));
    if (!noted) return at(*options.checkpoint, noted.error());
    if (options.to && *options.to != noted->size)
      return Error{ErrorCode::kInvalid, fmt::format("--to: expected the checkpoint's size, {}, found {}", noted->size, *options.to)};
    size = noted->size;
    if (size > log->last().value) return Error{ErrorCode::kInvalid, fmt::format("{}: of {} events, and this log has {}", *options.checkpoint, size, log->last().value)};
    ANNALS_TRY(const Digest root, log->root(Position{size}));
    if (root != noted->root) {
      program.complain(fmt::format("{}: its root over {} events is {}, this log's is {}", *options.checkpoint, size, noted->root.hex(), root.hex()));
      return kNegative;
    }
  }

  if (options.all) return prove_all(program, options, *log, size);
  TreeReader tree = log->tree();
  if (options.from) {
    ANNALS_TRY(std::vector<Digest> path, tree.consistency(*options.from, size));
    ANNALS_CHECK_OK(deliver(program, options.out, GrowthProof{*options.from, std::move(path), std::move(signed_note)}.text()));
    return kDone;
  }
  if (*options.position == 0 || *options.position > size)
    return Error{ErrorCode::kInvalid, fmt::format("expected a position from 1 to {}, found {}", size, *options.position)};
  const std::uint64_t index = *options.position - 1;
  ProvenBytes bytes;
  ANNALS_TRY(const Position shown, log->read_stored({Position{index}, Position{index + 1}}, [&](const StoredView& event) {
    bytes.header = event.header;
    if (options.without_text || event.erased) {
      bytes.body_digest = event.digest();
    } else {
      bytes.salt = event.salt;
      bytes.body = event.body;
    }
    return Visit::kStop;
  }));
  check(shown.value == *options.position, "a position up to last() can be read");
  ANNALS_TRY(std::vector<Digest> path, tree.inclusion(index, size));
  if (options.in_one) {
    ANNALS_CHECK_OK(deliver(program, options.out, EventProof{std::move(bytes), index, std::move(path), std::move(signed_note)}.text()));
    return kDone;
  }
  if (options.event) ANNALS_CHECK_OK(write_whole(*options.event, event_text(bytes), 0644, false));
  ANNALS_CHECK_OK(deliver(program, options.out, InclusionProof{index, bytes.leaf(), std::move(path)}.text()));
  if (options.key) program.complain(fmt::format("the checkpoint that goes with it was signed now and lies in {}", last_file(*options.key)));
  return kDone;
}

// ---- tiles

struct TilesOptions {
  std::string folder;
  std::string key;
  bool entries = false;
};

// "x001/x234/067" of 1234067.
std::string tile_number(std::uint64_t index) {
  std::string out = fmt::format("{:03}", index % 1000);
  for (index /= 1000; index > 0; index /= 1000) out.insert(0, fmt::format("x{:03}/", index % 1000));
  return out;
}

Result<int> run_tiles(Program& program, const TilesOptions& options) {
  namespace fs = std::filesystem;
  ANNALS_TRY(const auto log, program.open_store(OpenMode::kReadOnly));
  const std::uint64_t size = log->last().value;
  ANNALS_TRY(const std::string checkpoint, signed_checkpoint(*log, options.key, size));
  TreeReader tree = log->tree();
  Progress progress(program.progress);
  std::uint64_t written = 0;
  std::uint64_t kept = 0;
  // Full tiles never change: those that are there are left.
  const auto put = [&](const std::string& name, std::uint64_t index, std::size_t width, const std::function<Result<std::string>()>& bytes) -> Status {
    const fs::path file = fs::path(options.folder) / "tile" / name / (tile_number(index) + (width < kTileWidth ? fmt::format(".p/{}", width) : ""));
    std::error_code error;
    if (fs::exists(file, error)) {
      ++kept;
      return {};
    }
    fs::create_directories(file.parent_path(), error);
    if (error) return Error{ErrorCode::kIo, fmt::format("{}: cannot be made: {}", file.parent_path().string(), error.message())};
    ANNALS_TRY(const std::string content, bytes());
    ++written;
    return write_whole(file.string(), content, 0644, false);
  };
  for (unsigned height = 0; height * kKeptLevelStep < 64 && size >> (height * kKeptLevelStep) > 0; ++height) {
    const std::uint64_t hashes = size >> (height * kKeptLevelStep);
    for (std::uint64_t index = 0; index * kTileWidth < hashes; ++index) {
      const std::size_t width = std::min(kTileWidth, hashes - index * kTileWidth);
      ANNALS_CHECK_OK(put(std::to_string(height), index, width, [&]() -> Result<std::string> {
        TreeReader once = log->tree();  // one that holds this tile only
        ANNALS_TRY(const std::span<const Digest> tile, once.tile(height, index));
        std::string out;
        for (const Digest& hash : tile) out += hash.view();
        return out;
      }));
      if (height == 0) progress.show(fmt::format("{} of {} events", grouped(index * kTileWidth), grouped(size)));
    }
  }
  for (std::uint64_t index = 0; options.entries && index * kTileWidth < size; ++index) {
    const std::size_t width = std::min(kTileWidth, size - index * kTileWidth);
    ANNALS_CHECK_OK(put("entries", index, width, [&]() -> Result<std::string> {
      std::string out;
      std::optional<Error> failed;
      ANNALS_TRY(const Position shown, log->read_stored({Position{index * kTileWidth}, Position{index * kTileWidth + width}}, [&](const StoredView& event) {
        // What the leaf is the hash of: the header and the digest of salt and body. Words of the note are not in it.
        const std::size_t length = event.header.size() + sizeof(Digest::bytes);
        if (length > UINT16_MAX) {
          failed = Error{ErrorCode::kUnsupported, fmt::format("event {}: {} bytes, and an entry of a bundle has at most {}; export without --entries", event.position.value, length, UINT16_MAX)};
          return Visit::kStop;
        }
        out += static_cast<char>(length >> 8);
        out += static_cast<char>(length & 0xff);
        out += event.header;
        out += event.digest().view();
        return Visit::kContinue;
      }));
      static_cast<void>(shown);
      if (failed) return *failed;
      return out;
    }));
    progress.show(fmt::format("{} of {} entries", grouped(index * kTileWidth), grouped(size)));
  }
  progress.clear();
  // Last: who reads it finds what it needs.
  std::error_code error;
  fs::create_directories(options.folder, error);
  if (error) return Error{ErrorCode::kIo, fmt::format("{}: cannot be made: {}", options.folder, error.message())};
  ANNALS_CHECK_OK(write_whole((fs::path(options.folder) / "checkpoint").string(), checkpoint, 0644, false));
  program.out.line(fmt::format("{} events: {} tiles written, {} there already, and the checkpoint", grouped(size), grouped(written), grouped(kept)));
  return kDone;
}

// ---- verify --proof

Json signatures_json(const std::vector<NoteSignature>& signatures) {
  Json out = Json::array();
  for (const NoteSignature& each : signatures) {
    out.push_back({{"name", each.name},
                   {"id", fmt::format("{:08x}", each.id)},
                   {"at", each.posix_seconds ? Json(format_utc(Instant(std::chrono::seconds(*each.posix_seconds)))) : Json(nullptr)}});
  }
  return out;
}

std::string signatures_text(const std::vector<NoteSignature>& signatures) {
  std::string out;
  for (const NoteSignature& each : signatures) {
    out += (out.empty() ? "" : ", ") + each.name;
    if (each.posix_seconds) out += fmt::format(" (witness, {})", format_utc(Instant(std::chrono::seconds(*each.posix_seconds))));
  }
  return out.empty() ? "nobody" : out;
}

// What the signed bytes say, where they are an event of this program's kinds.
std::optional<Event> event_of(const ProvenBytes& bytes) {
  auto event = bytes.salt ? decode_event(bytes.header, bytes.body, {.parts = Parts::kAll, .from_outside = true}) : decode_event(bytes.header, {}, {.parts = Parts::kEnvelope, .from_outside = false});
  return event ? std::optional(std::move(*event)) : std::nullopt;
}

// What was found of an event: its fields and lines for people.
struct Found {
  Json json;
  std::vector<std::string> lines;
};
Result<Found> found(std::uint64_t index, const Digest& leaf, const ProvenBytes* bytes) {
  Found out;
  out.json = {{"proves", "event"}, {"position", index + 1}, {"leaf", leaf.hex()}};
  if (bytes == nullptr) {
    out.lines = {fmt::format("holds       event {} of this log has the leaf {}", grouped(index + 1), leaf.hex()), "event       what it says is not part of this proof (--event FILE)"};
    return out;
  }
  out.lines.push_back(fmt::format("holds       event {} stands in this log as it is here", grouped(index + 1)));
  const auto event = event_of(*bytes);
  if (!event) {
    out.lines.emplace_back("event       its bytes are not those of an event that this program knows");
    return out;
  }
  if (event->position.value != index + 1) return Error{ErrorCode::kCorrupt, fmt::format("the event says it is {}, the proof {}", event->position.value, index + 1)};
  out.json["event"] = bytes->salt ? event_json(*event, Zone::utc()) : Json{{"id", event->id.hex()}, {"kind", event_kind_name(event->kind())}, {"recorded_at", format_utc(event->recorded_at)}};
  out.lines.push_back(fmt::format("event       {}, recorded {}, id {}", event_kind_name(event->kind()), format_utc(event->recorded_at), event->id.hex()));
  if (const auto* statement = std::get_if<StatementEvent>(&event->body); statement != nullptr && bytes->salt) {
    out.lines.push_back(fmt::format("printed     {}, {}", statement->article.outlet.value_or("unknown outlet"), statement->article.published ? format_published(*statement->article.published) : "undated"));
    out.lines.push_back(fmt::format("from        note {} article {} bytes {}-{}", statement->note.hex(), statement->article.ordinal, statement->statement.span.begin, statement->statement.span.end));
    out.lines.push_back("words       " + statement->statement.text);
  }
  return out;
}

}  // namespace

Result<int> verify_proof(Program& program, const VerifyProofOptions& options) {
  if (options.public_keys.empty()) return Error{ErrorCode::kInvalid, "--proof: expected with --public-key, whose owner you trust"};
  std::vector<VerifierKey> known;
  for (const std::string& each : options.public_keys) {
    auto key = public_key(each);
    if (!key) return at("--public-key", key.error());
    known.push_back(std::move(*key));
  }
  ANNALS_TRY(const std::string text, read_text(options.file));
  const auto refuse = [&](const Error& error) -> Result<int> {
    if (options.json) program.out.line(to_line(Json{{"holds", false}, {"because", error.message}}));
    else program.out.line(paint(fmt::format("{}: does not hold: {}", options.file, error.message), Ink::kRed, program.colour));
    return kNegative;
  };
  const auto told = [&](const Result<OpenedCheckpoint>& checked, Json json, const std::vector<std::string>& lines) -> Result<int> {
    const std::size_t witnesses = static_cast<std::size_t>(std::count_if(checked->verified.begin(), checked->verified.end(), [](const NoteSignature& each) { return each.posix_seconds.has_value(); }));
    if (witnesses < options.witnesses) return refuse({ErrorCode::kCorrupt, fmt::format("expected {} known witnesses, found {}", options.witnesses, witnesses)});
    if (options.json) {
      Json out{{"holds", true}, {"origin", checked->checkpoint.origin}, {"size", checked->checkpoint.size}, {"root", checked->checkpoint.root.hex()}};
      out.update(json);
      out["signed_by"] = signatures_json(checked->verified);
      out["unknown_signatures"] = signatures_json(checked->unknown);
      program.out.line(to_line(out));
      return kDone;
    }
    for (const std::string& line : lines) program.out.line(line);
    program.out.line(fmt::format("log         {}, {} events, root {}", checked->checkpoint.origin, grouped(checked->checkpoint.size), checked->checkpoint.root.hex()));
    program.out.line(fmt::format("signed by   {}{}", signatures_text(checked->verified), checked->unknown.empty() ? "" : fmt::format("; not known here: {}", signatures_text(checked->unknown))));
    return kDone;
  };

  if (text.starts_with("old ")) {
    auto proof = GrowthProof::parse(text);
    if (!proof) return refuse(proof.error());
    Checkpoint old;
    if (options.checkpoint) {
      ANNALS_TRY(const std::string note, read_text(*options.checkpoint));
      auto opened = open_checkpoint(note, known);
      if (!opened) return refuse(at(*options.checkpoint, opened.error()));
      old = opened->checkpoint;
    } else if (options.root) {
      old.size = options.size.value_or(proof->old_size);
      old.root = *options.root;
    } else {
      return Error{ErrorCode::kInvalid, "--proof: a proof of growth needs the older --checkpoint FILE, or its --root HEX (and --size N)"};
    }
    const auto checked = check(*proof, old.size, old.root, known);
    if (!checked) return refuse(checked.error());
    if (options.checkpoint && old.origin != checked->checkpoint.origin)
      return refuse({ErrorCode::kCorrupt, fmt::format("the older checkpoint is of {}, the newer of {}", old.origin, checked->checkpoint.origin)});
    return told(checked, {{"proves", "growth"}, {"old_size", old.size}, {"old_root", old.root.hex()}},
                {fmt::format("holds       the first {} events of this log are those of the older one, unaltered and in their places", grouped(old.size))});
  }
  if (text.starts_with("proof ")) {
    auto proof = InclusionProof::parse(text);
    if (!proof) return refuse(proof.error());
    if (!options.checkpoint) return Error{ErrorCode::kInvalid, "--proof: a proof of an event needs the --checkpoint FILE that it was made against"};
    ANNALS_TRY(const std::string note, read_text(*options.checkpoint));
    const auto checked = check(*proof, note, known);
    if (!checked) return refuse(checked.error().code == ErrorCode::kInvalid ? at(*options.checkpoint, checked.error()) : checked.error());
    std::optional<ProvenBytes> bytes;
    if (options.event) {
      ANNALS_TRY(const std::string event, read_text(*options.event));
      auto parsed = parse_event(event);
      if (!parsed) return refuse(at(*options.event, parsed.error()));
      bytes = std::move(*parsed);
      if (bytes->leaf() != proof->leaf) return refuse({ErrorCode::kCorrupt, fmt::format("{}: another event than the one that is proven, or altered", *options.event)});
    }
    auto told_of = found(proof->index, proof->leaf, bytes ? &*bytes : nullptr);
    if (!told_of) return refuse(told_of.error());
    return told(checked, std::move(told_of->json), told_of->lines);
  }
  if (text.starts_with("c2sp.org/tlog-proof@")) {
    auto proof = EventProof::parse(text);
    if (!proof) return refuse(proof.error());
    const auto checked = check(*proof, known);
    if (!checked) return refuse(checked.error());
    auto told_of = found(proof->index, proof->bytes.leaf(), &proof->bytes);
    if (!told_of) return refuse(told_of.error());
    return told(checked, std::move(told_of->json), told_of->lines);
  }
  // A checkpoint alone.
  const auto opened = open_checkpoint(text, known);
  if (!opened) return refuse(opened.error());
  return told(opened, {{"proves", "checkpoint"}}, {"holds       the checkpoint is signed"});
}

void add_prove(Command& app, Program& program) {
  auto options = std::make_shared<ProveOptions>();
  Command* command = app.add_subcommand("prove", "A proof that an event stands in the log, or that the log only grew, for somebody who has not the log");
  command->add_option("POSITION", options->position, "The event; its proof goes with a checkpoint, and is at most 1 KiB for a log of up to 16 million events");
  command->add_flag("--all", options->all, "Prove every event, and check each proof; nothing is written");
  command->add_option("--from", options->from, "That the log of so many events …")->type_name("N");
  command->add_option("--to", options->to, "… is how the log of so many begins (default: all)")->type_name("M");
  command->add_option("--key", options->key, "Sign a checkpoint with this key (annals key new); it lies in FILE.checkpoint then")->type_name("FILE");
  command->add_option("--checkpoint", options->checkpoint, "Prove against this one, signed before")->type_name("FILE");
  command->add_option("--event", options->event, "The event's bytes too, in a file of their own: what the proof is about, to be shown with it")->type_name("FILE");
  command->add_flag("--without-text", options->without_text, "Of the event's bytes the header only: of its words their salted digest goes along");
  command->add_flag("--in-one", options->in_one, "Event, proof and checkpoint in one file (c2sp.org/tlog-proof)");
  command->add_option("--out", options->out, "Where to (default: standard output)")->type_name("FILE");
  command->add_option("--threads", options->threads, "With --all: how many prove")->type_name("N")->capture_default_str()->range(1, 64);
  add_format(*command, options->format, {"table", "jsonl"});
  add_examples(*command, {{"annals prove 12 --checkpoint checkpoint --out 12.proof --event 12.event", "event 12 in the log of a checkpoint that was handed out"},
                          {"annals verify --proof 12.proof --event 12.event --checkpoint checkpoint --public-key desk.pub", "what the other side does"},
                          {"annals prove 12 --key desk.key --in-one --out 12.tlog-proof", "all that the other side needs but the public key, signed now"},
                          {"annals prove --from 4200 --key desk.key", "that the first 4,200 events are what they were"},
                          {"annals prove --all", "that every event of this log can be proven"}});
  command->callback([&program, options] { program.run = [&program, options] { return run_prove(program, *options); }; });
}

void add_key(Command& app, Program& program) {
  Command* command = app.add_subcommand("key", "The key that signs checkpoints: made here, kept by you");
  command->require_subcommand(1);
  auto options = std::make_shared<KeyOptions>();
  Command* fresh = command->add_subcommand("new", "Make a key, readable by its owner alone, and print its public half");
  fresh->add_option("FILE", options->file, "Where the secret goes; never written over")->required();
  fresh->add_option("--name", options->name, "What the log is called in its checkpoints, like example.com/desk")->required()->type_name("NAME");
  fresh->add_flag("--witness", options->witness, "A key that cosigns the checkpoints of others");
  add_examples(*fresh, {{"annals key new desk.key --name example.com/desk > desk.pub", ""}});
  fresh->callback([&program, options] { program.run = [&program, options] { return run_key_new(program, *options); }; });
  Command* show = command->add_subcommand("show", "Print a key's public half");
  show->add_option("FILE", options->file, "The secret key")->required();
  show->callback([&program, options] { program.run = [&program, options] { return run_key_show(program, *options); }; });
}

void add_checkpoint(Command& app, Program& program) {
  auto options = std::make_shared<CheckpointOptions>();
  Command* command = app.add_subcommand("checkpoint", "The log's size and root, signed: what others note down");
  command->add_option("--key", options->key, "The key that signs (annals key new)")->required()->type_name("FILE");
  command->add_option("--size", options->size, "Of the first so many events (default: all)")->type_name("N");
  command->add_option("--out", options->out, "Where to (default: standard output)")->type_name("FILE");
  add_examples(*command, {{"annals checkpoint --key desk.key --out checkpoint", ""}});
  command->callback([&program, options] { program.run = [&program, options] { return run_checkpoint(program, *options); }; });
}

void add_tiles(Command& app, Program& program) {
  auto options = std::make_shared<TilesOptions>();
  Command* command = app.add_subcommand("tiles", "The tree as files that any web server can hand out (c2sp.org/tlog-tiles)");
  command->add_option("FOLDER", options->folder, "Where to; tiles that are there already are left")->required();
  command->add_option("--key", options->key, "The key that signs the checkpoint")->required()->type_name("FILE");
  command->add_flag("--entries", options->entries, "The entries too: each event's header and the digest of its words");
  add_examples(*command, {{"annals tiles public/log --key desk.key --entries", ""}});
  command->callback([&program, options] { program.run = [&program, options] { return run_tiles(program, *options); }; });
}

}  // namespace annals::cli
