// Goal: a proof convinces somebody who has nothing but it and a public key, and any change of it convinces nobody.
#include "engine/proof/proof_file.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <random>

#include "engine/base/base64.h"
#include "engine/base/base85.h"
#include "engine/proof/proof.h"

namespace {
using namespace annals;

// A log of made-up events and its key.
struct SmallLog {
  std::vector<std::string> headers;
  std::vector<Digest> leaves;
  SigningKey key = SigningKey::make("example.com/log", KeyKind::kNote, sha256("seed")).value();
  std::vector<VerifierKey> known = {key.verifier()};

  explicit SmallLog(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      headers.push_back("header " + std::to_string(i));
      leaves.push_back(bytes(i, true).leaf());
    }
  }
  ProvenBytes bytes(std::size_t i, bool whole) const {
    ProvenBytes out;
    out.header = headers[i];
    const Digest salt = sha256("salt " + std::to_string(i));
    const std::string body = "第" + std::to_string(i) + "条";
    if (whole) {
      out.salt = salt;
      out.body = body;
    } else {
      out.body_digest = body_digest(salt, body);
    }
    return out;
  }
  TreeReader reader() const {
    return TreeReader([this](unsigned, std::uint64_t first, std::size_t count) -> Result<std::vector<Digest>> {
      return std::vector<Digest>(leaves.begin() + static_cast<std::ptrdiff_t>(first), leaves.begin() + static_cast<std::ptrdiff_t>(first + count));
    }, leaves.size());
  }
  Digest root(std::uint64_t size) const { return merkle_root({leaves.data(), size}); }
  std::string checkpoint(std::uint64_t size) const { return sign_checkpoint(key, size, root(size)); }
  EventProof event(std::uint64_t index, bool whole = true) const {
    return {bytes(index, whole), index, reader().inclusion(index, leaves.size()).value(), checkpoint(leaves.size())};
  }
  InclusionProof inclusion(std::uint64_t index) const { return {index, leaves[index], reader().inclusion(index, leaves.size()).value()}; }
  GrowthProof growth(std::uint64_t from) const { return {from, reader().consistency(from, leaves.size()).value(), checkpoint(leaves.size())}; }
};

TEST_CASE("an event is proven with its text and without") {
  const SmallLog log(100);
  for (const bool whole : {true, false}) {
    const EventProof read = EventProof::parse(log.event(41, whole).text()).value();
    CHECK(read.index == 41);
    CHECK(read.bytes.header == "header 41");
    CHECK(read.bytes.body == (whole ? "第41条" : ""));
    CHECK(check(read, log.known).value().checkpoint.size == 100);
  }
  CHECK(log.event(41).bytes.leaf() == log.event(41, false).bytes.leaf());
}

TEST_CASE("a proof alone goes with the checkpoint and the bytes of the event") {
  const SmallLog log(100);
  const std::string checkpoint = log.checkpoint(100);
  for (const std::uint64_t index : {0ULL, 41ULL, 63ULL, 64ULL, 96ULL, 99ULL}) {
    INFO(index);
    const InclusionProof read = InclusionProof::parse(log.inclusion(index).text()).value();
    CHECK(read.index == index);
    CHECK(check(read, checkpoint, log.known).value().checkpoint.size == 100);
    CHECK(parse_event(event_text(log.bytes(index, true))).value().leaf() == read.leaf);
    CHECK(parse_event(event_text(log.bytes(index, false))).value().leaf() == read.leaf);
    InclusionProof elsewhere = read;
    elsewhere.index = (index + 1) % 100;
    CHECK(check(elsewhere, checkpoint, log.known).error().code == ErrorCode::kCorrupt);
    CHECK(check(read, log.checkpoint(98), log.known).error().code == ErrorCode::kCorrupt);
  }
  CHECK(InclusionProof::parse(SmallLog(1).inclusion(0).text()).value().path.empty());
}

TEST_CASE("a proof is at most 1 KiB for a log of up to 16 million events") {
  for (const std::uint64_t size : {10'000'000ULL, 16'777'216ULL}) {
    const InclusionProof proof{size - 1, sha256("leaf"), std::vector<Digest>(24, sha256("node"))};
    CHECK(proof.text().size() <= 1024);
    CHECK(InclusionProof::parse(proof.text()).value().path.size() == 24);
  }
}

TEST_CASE("a proof alone is a text of a position and hashes in base 85") {
  const SmallLog log(9);
  const InclusionProof proof = log.inclusion(2);
  const auto of = [](const Digest& hash) { return base85(hash.view()); };
  const Digest right = merkle_root({log.leaves.data() + 4, 4});
  CHECK(proof.text() == "proof 3\n" + of(log.leaves[2]) + of(log.leaves[3]) + of(node_hash(log.leaves[0], log.leaves[1])) + of(right) + "\n" + of(log.leaves[8]) + "\n");
  const auto words = [](const std::string& text) { return InclusionProof::parse(text).error().message; };
  const std::string whole = proof.text();
  CHECK(words("") == "line 0: expected proof and a position");
  CHECK(words("proof 0\n") == "line 1: expected proof and a position");
  CHECK(words("proof 3\n") == "line 2: expected the event's leaf, found the end");
  CHECK(words(whole.substr(0, whole.size() - 1)) == "not a proof: its last line has no end");
  CHECK(words(whole + "\n") == "line 4: expected 160 characters, fewer in the last line only, and 40 at least");
  CHECK(words("proof 3\n" + std::string(40, '#') + "\n") == "line 2: expected hashes in base 85");
  CHECK(words("proof 3\n" + of(Digest{}) + "\n" + of(Digest{}) + "\n") == "line 3: expected 160 characters, fewer in the last line only, and 40 at least");
  CHECK(parse_event("event AAAA\n").error().code == ErrorCode::kInvalid);
  CHECK(parse_event(event_text(log.bytes(2, true)) + "\n").error().code == ErrorCode::kInvalid);
}

TEST_CASE("all in one file a proof is a text as c2sp has it") {
  const SmallLog log(3);
  const EventProof proof = log.event(1, false);
  CHECK(proof.text() == "c2sp.org/tlog-proof@v1\nextra " + base64(std::string("\0\x08\0\0\0header 1", 13) + std::string(proof.bytes.body_digest.view())) + "\nindex 1\n" +
                            base64(log.leaves[0].view()) + "\n" + base64(log.leaves[2].view()) + "\n\nexample.com/log\n3\n" + base64(log.root(3).view()) + "\n\n" +
                            log.key.sign("example.com/log\n3\n" + base64(log.root(3).view()) + "\n"));
}

TEST_CASE("growth is proven against the root that was noted") {
  const SmallLog log(100);
  for (const std::uint64_t from : {0ULL, 1ULL, 37ULL, 64ULL, 99ULL, 100ULL}) {
    INFO(from);
    const GrowthProof read = GrowthProof::parse(log.growth(from).text()).value();
    CHECK(check(read, from, log.root(from), log.known).ok());
    CHECK_FALSE(check(read, from, log.root(98), log.known).ok());
    CHECK(check(read, from + 1, log.root(from), log.known).error().code == ErrorCode::kInvalid);
  }
}

// What somebody could do to a file: flip a bit, put another byte, leave out, put in, cut, say twice, exchange lines.
std::string mutated(const std::string& text, std::mt19937_64& random) {
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
  std::string out = text;
  switch (below(8)) {
    case 0: out[below(out.size())] ^= static_cast<char>(1 << below(8)); break;
    case 1: out[below(out.size())] = static_cast<char>(below(256)); break;
    case 2: out.erase(below(out.size()), 1 + below(4)); break;
    case 3: out.insert(below(out.size() + 1), 1, static_cast<char>(below(256))); break;
    case 4: out.resize(below(out.size())); break;
    case 5: {
      const std::size_t from = below(out.size());
      out.insert(below(out.size()), out.substr(from, 1 + below(60)));
      break;
    }
    case 6: {  // one character of the alphabet for another, where the form stays right
      constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      out[below(out.size())] = kAlphabet[below(kAlphabet.size())];
      break;
    }
    default: {
      std::vector<std::string> lines;
      for (std::size_t at = 0; at < out.size();) {
        const std::size_t end = std::min(out.find('\n', at), out.size() - 1);
        lines.push_back(out.substr(at, end + 1 - at));
        at = end + 1;
      }
      std::swap(lines[below(lines.size())], lines[below(lines.size())]);
      out.clear();
      for (const std::string& line : lines) out += line;
    }
  }
  return out;
}

// ANNALS_MUTATIONS=10000000 test_proof "no mutated proof or checkpoint is accepted" takes about a quarter of an hour.
TEST_CASE("no mutated proof or checkpoint is accepted") {
  const char* wanted = std::getenv("ANNALS_MUTATIONS");
  const std::uint64_t count = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 20'000;
  const char* given = std::getenv("ANNALS_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  INFO("ANNALS_SEED=" << seed);
  std::mt19937_64 random(seed);
  const SmallLog log(777);
  std::vector<std::string> events;
  for (const std::uint64_t index : {0ULL, 5ULL, 511ULL, 512ULL, 776ULL}) {
    events.push_back(log.event(index).text());
    events.push_back(log.event(index, false).text());
  }
  std::vector<std::string> alone;
  std::vector<std::string> disclosed;
  for (const std::uint64_t index : {0ULL, 5ULL, 511ULL, 512ULL, 776ULL}) {
    alone.push_back(log.inclusion(index).text());
    disclosed.push_back(event_text(log.bytes(index, true)));
    disclosed.push_back(event_text(log.bytes(index, false)));
  }
  std::vector<std::pair<std::uint64_t, std::string>> growths;
  for (const std::uint64_t from : {1ULL, 256ULL, 300ULL, 512ULL, 776ULL}) growths.emplace_back(from, log.growth(from).text());
  const std::string checkpoint = log.checkpoint(777);
  std::uint64_t refused = 0;
  std::array<std::uint64_t, 5> each{};
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t kind = random() % each.size();
    std::string text;
    bool accepted = false;
    if (kind == 0) {
      const std::string& whole = events[random() % events.size()];
      text = mutated(whole, random);
      if (text == whole) continue;
      const auto proof = EventProof::parse(text);
      accepted = proof.ok() && check(*proof, log.known).ok();
    } else if (kind == 1) {
      const auto& [from, whole] = growths[random() % growths.size()];
      text = mutated(whole, random);
      if (text == whole) continue;
      const auto proof = GrowthProof::parse(text);
      accepted = proof.ok() && check(*proof, from, log.root(from), log.known).ok();
    } else if (kind == 2) {
      text = mutated(checkpoint, random);
      if (text == checkpoint) continue;
      accepted = open_checkpoint(text, log.known).ok();
    } else if (kind == 3) {
      const std::string& whole = alone[random() % alone.size()];
      text = mutated(whole, random);
      if (text == whole) continue;
      const auto proof = InclusionProof::parse(text);
      accepted = proof.ok() && check(*proof, checkpoint, log.known).ok();
    } else {
      // Bytes that are shown beside a proof: of another leaf than the one that is proven.
      const std::size_t which = random() % disclosed.size();
      text = mutated(disclosed[which], random);
      if (text == disclosed[which]) continue;
      const auto bytes = parse_event(text);
      accepted = bytes.ok() && bytes->leaf() == InclusionProof::parse(alone[which / 2]).value().leaf;
    }
    if (accepted) FAIL("accepted:\n" << text);
    ++done;
    ++refused;
    ++each[kind];
  }
  CHECK(refused == count);
  if (wanted != nullptr)
    WARN("refused with ANNALS_SEED=" << seed << ": " << each[0] << " proofs in one file, " << each[1] << " of growth, " << each[2] << " checkpoints, " << each[3] << " proofs alone, " << each[4] << " events beside one");
}

TEST_CASE("what is no proof is refused in words") {
  const SmallLog log(5);
  const std::string whole = log.event(2).text();
  const auto words = [](std::string text) { return EventProof::parse(text).error().message; };
  CHECK(words("") == "line 0: expected c2sp.org/tlog-proof@v1");
  CHECK(words("c2sp.org/tlog-proof@v2\n") == "line 1: expected c2sp.org/tlog-proof@v1");
  CHECK(words("c2sp.org/tlog-proof@v1\nindex 2\n") == "line 2: expected extra and the event's bytes");
  CHECK(words("c2sp.org/tlog-proof@v1\nextra AAAA\n") == "line 2: expected the event's bytes in base64");
  CHECK(words("c2sp.org/tlog-proof@v1\nextra //////////////8=\n") == "line 2: expected the event's bytes in base64");
  CHECK(words(whole.substr(0, whole.find("index"))) == "line 2: expected index and a number");
  CHECK(words(whole.substr(0, whole.find("\n\n") + 1)) == "expected an empty line ahead of the checkpoint, found the end");
  CHECK(GrowthProof::parse("new 3\n").error().message == "line 1: expected old and a size");
  CHECK(GrowthProof::parse("old 03\n").error().message == "line 1: expected old and a size");
  CHECK(GrowthProof::parse("old 3\nAAAA\n").error().message == "line 2: expected 32 bytes in base64");
  std::string many = "old 3\n";
  for (std::size_t i = 0; i <= kPathMax; ++i) many += base64(Digest{}.view()) + "\n";
  CHECK(GrowthProof::parse(many + "\n").error().message == "line 66: expected no more than 64 hashes");
}

}  // namespace
