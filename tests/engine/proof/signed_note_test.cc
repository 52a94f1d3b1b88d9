// Goal: signed notes, keys and checkpoints are those of c2sp.org, and a text counts only where a known key has signed it.
#include "engine/proof/signed_note.h"

#include <catch2/catch.hpp>

#include "engine/proof/proof_file.h"

namespace {
using namespace annals;

// The example that Go's sumdb/note has been tested with since 2019.
const std::string kGoSecret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const std::string kGoPublic = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string kGoText = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const std::string kGoLine = "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

SigningKey key(const std::string& name, KeyKind kind = KeyKind::kNote) { return SigningKey::make(name, kind, sha256(name)).value(); }

TEST_CASE("keys and signatures are those of the known example") {
  const SigningKey secret = SigningKey::parse(kGoSecret).value();
  CHECK(secret.text() == kGoSecret);
  CHECK(secret.verifier().text() == kGoPublic);
  CHECK(secret.sign(kGoText) == kGoLine);
  const VerifierKey known = VerifierKey::parse(kGoPublic).value();
  CHECK(known.text() == kGoPublic);
  const OpenedNote note = open_note(kGoText + "\n" + kGoLine, {&known, 1}).value();
  CHECK(note.text == kGoText);
  REQUIRE(note.verified.size() == 1);
  CHECK(note.verified[0].name == "PeterNeumann");
}

TEST_CASE("broken keys are refused in words") {
  const std::pair<std::string, std::string> bad[] = {
      {"", "fewer than three parts"},
      {"name", "fewer than three parts"},
      {"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a name that is empty"},
      {"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a name that is empty, or has spaces"},
      {"PeterNeumann+c74f20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "eight hexadecimal digits"},
      {"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "expected the id c74f20a3"},
      {"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", "no 33 bytes"},
      {"PeterNeumann+c74f20a3+AhpcSQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "another kind"}};
  for (const auto& [text, words] : bad) {
    INFO(text);
    const auto parsed = VerifierKey::parse(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().code == ErrorCode::kInvalid);
    CHECK_THAT(parsed.error().message, Catch::Contains(words));
  }
  CHECK_FALSE(SigningKey::parse(kGoPublic).ok());
  CHECK_FALSE(SigningKey::make("with space", KeyKind::kNote, sha256("")).ok());
}

TEST_CASE("names of keys have no white space of any script") {
  for (const char* good : {"example.com/log", "日志.example/一", "a\xcc\x81", "\xf0\x9f\x93\x93"}) CHECK(valid_key_name(good));
  for (const char* bad : {"", "a b", "a\tb", "a+b", "a\nb", "a\xc2\xa0", "\xe3\x80\x80", "a\xe2\x80\x83", "a\xe2\x80\xa8", "\xc3", "a\x7f"}) {
    INFO(bad);
    CHECK_FALSE(valid_key_name(bad));
  }
}

TEST_CASE("a text counts only where a known key has signed it") {
  const SigningKey mine = key("example.com/mine");
  const SigningKey other = key("example.com/other");
  const std::vector<VerifierKey> known = {mine.verifier()};
  const std::string text = "one line\n\nand another\n";
  const std::string note = text + "\n" + mine.sign(text);
  CHECK(open_note(note, known).value().text == text);
  CHECK(open_note(note, {}).error().message == "no known key has signed it");
  CHECK(open_note(text + "\n" + other.sign(text), known).error().message == "no known key has signed it");
  CHECK(open_note(text + "\n" + mine.sign("another text\n"), known).error().message == "the signature of example.com/mine does not hold");
  // A key that nobody here knows may sign beside it; a known one that does not hold spoils the whole.
  const OpenedNote both = open_note(note + other.sign(text), known).value();
  REQUIRE(both.unknown.size() == 1);
  CHECK(both.unknown[0].name == "example.com/other");
  const std::vector<VerifierKey> two = {mine.verifier(), other.verifier()};
  CHECK(open_note(note + other.sign("x\n"), two).error().code == ErrorCode::kCorrupt);
  CHECK(open_note(note + other.sign(text), two).value().verified.size() == 2);
  CHECK_FALSE(open_note(note + mine.sign(text), known).ok());
}

TEST_CASE("what is no signed note is refused in words") {
  const SigningKey mine = key("example.com/mine");
  const std::vector<VerifierKey> known = {mine.verifier()};
  const std::string line = mine.sign("text\n");
  const std::pair<std::string, std::string> bad[] = {
      {"", "no empty line"},
      {"text\n" + line, "no empty line"},
      {"text\n\n", "no signature"},
      {"text\n\n" + line.substr(0, line.size() - 1), "no end"},
      {"text\r\n\n" + line, "control characters"},
      {"t\xff\n\n" + line, "not UTF-8"},
      {"text\n\n- example.com/mine AAAA\n", "em dash"},
      {"text\n\n\xe2\x80\x94 example.com/mine\n", "no key name"},
      {"text\n\n\xe2\x80\x94 example.com/mine AAAA*\n", "no signature in base64"},
      {"text\n\n\xe2\x80\x94 example.com/mine AAAAAA==\n", "no signature in base64"}};
  for (const auto& [note, words] : bad) {
    INFO(note);
    const auto opened = open_note(note, known);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().code == ErrorCode::kInvalid);
    CHECK_THAT(opened.error().message, Catch::Contains(words));
  }
  std::string many = "text\n\n" + line;
  for (std::size_t i = 1; i < kNoteSignaturesMax; ++i) many += key("w" + std::to_string(i)).sign("text\n");
  CHECK(open_note(many, known).ok());
  CHECK_FALSE(open_note(many + key("one.more").sign("text\n"), known).ok());
}

TEST_CASE("a witness signs the text with the time") {
  const SigningKey log = key("example.com/log");
  const SigningKey witness = key("witness.example/w1", KeyKind::kWitness);
  const std::string note = sign_checkpoint(log, 7, sha256("root"));
  const std::string text = Checkpoint{"example.com/log", 7, sha256("root")}.text();
  const std::string cosigned = note + witness.sign(text, 1'764'000'000);
  const std::vector<VerifierKey> known = {log.verifier(), witness.verifier()};
  const OpenedCheckpoint opened = open_checkpoint(cosigned, known).value();
  REQUIRE(opened.verified.size() == 2);
  CHECK(opened.verified[1].name == "witness.example/w1");
  CHECK(opened.verified[1].posix_seconds == 1'764'000'000);
  // The same key as a note key has another id, and a witness alone makes no checkpoint.
  CHECK(open_checkpoint(cosigned, {&known[0], 1}).value().unknown.size() == 1);
  CHECK(open_checkpoint(cosigned, {&known[1], 1}).error().code == ErrorCode::kCorrupt);
  CHECK(open_checkpoint(note + witness.sign(text + "x\n", 5), known).error().code == ErrorCode::kCorrupt);
}

TEST_CASE("a checkpoint is origin and size and root and may be extended") {
  const Checkpoint point{"example.com/log", 20'852'163, sha256("root")};
  CHECK(Checkpoint::parse(point.text()).value() == point);
  CHECK(Checkpoint::parse(point.text() + "an extension\n").value() == point);
  for (const std::string& bad : {std::string(), std::string("example.com/log\n"), "\n" + point.text(), point.text() + "\n", point.text().substr(0, point.text().size() - 1),
                                 std::string("a\n007\nBxUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"), std::string("a\n-7\nBxUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"),
                                 std::string("a\n7\nBxUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n"), std::string("a\n18446744073709551616\nBxUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")}) {
    INFO(bad);
    CHECK_FALSE(Checkpoint::parse(bad).ok());
  }
  // Signed well, but by a key of another name than the log's.
  const SigningKey other = key("example.com/other");
  const std::string text = point.text();
  const VerifierKey known = other.verifier();
  CHECK(open_checkpoint(text + "\n" + other.sign(text), {&known, 1}).error().message == "the log example.com/log has not signed it with a known key");
}

}  // namespace
