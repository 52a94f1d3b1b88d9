#include "engine/base/bytes.h"

#include <array>
#include <catch2/catch.hpp>
#include <random>

#include "engine/base/utf8.h"

using namespace annals;

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
  CHECK(sha256("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 pieces;
  CHECK(pieces.add("a").add("bc").finish() == sha256("abc"));
  CHECK(pieces.add("abc").finish() == sha256("abc"));
}

TEST_CASE("fields are told apart") {
  CHECK(Sha256().add_field("ab").add_field("c").finish() != Sha256().add_field("a").add_field("bc").finish());
}

TEST_CASE("digests survive hexadecimal") {
  const Digest digest = sha256("x");
  CHECK(Digest::from_hex(digest.hex()).value() == digest);
  CHECK_FALSE(Digest::from_hex("12").ok());
  CHECK_FALSE(Digest::from_hex(std::string(64, 'g')).ok());
  CHECK(random_digest() != random_digest());
}

TEST_CASE("broken UTF-8 is found at its first byte") {
  CHECK_FALSE(find_invalid_utf8("plain and 中文 and 😀"));
  CHECK(find_invalid_utf8("ab\xff") == 2u);
  CHECK(find_invalid_utf8("中\xE4\xB8") == 3u);
  CHECK(find_invalid_utf8("\xC0\x80") == 0u);          // overlong
  CHECK(find_invalid_utf8("\xED\xA0\x80") == 0u);      // a surrogate
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0u);  // above U+10FFFF
}

// Letters and ideographs are looked at several at a time: what is found must be what one code point after another finds.
TEST_CASE("UTF-8 is checked several characters at a time as one after another") {
  std::mt19937 random(20251209);
  const auto pick = [&](std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); };
  const auto one_by_one = [](std::string_view text) -> std::optional<std::size_t> {
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint point = decode_utf8(text, at);
      if (point.length == 1 && static_cast<unsigned char>(text[at]) >= 0x80) return at;
      at += point.length;
    }
    return std::nullopt;
  };
  const std::array<std::string, 9> pieces = {"a", "letters", "中", "芯片", "é", "😀", "\xED\x9F\xBF", "\xE0\xA0\x80", "\xEF\xBF\xBD"};
  std::size_t broken = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t n = pick(12); n-- > 0;) text += pieces[pick(pieces.size())];
    if (!text.empty() && pick(2) == 0) text[pick(text.size())] = static_cast<char>(pick(256));
    const auto expected = one_by_one(text);
    broken += expected.has_value();
    if (find_invalid_utf8(text) != expected) FAIL("round " << round);
  }
  CHECK(broken > 1'000);
}

TEST_CASE("code points go in and out of UTF-8 unchanged") {
  for (const char32_t c : {U'\0', U'a', U'\x7f', U'\x80', U'\x7ff', U'\x800', U'中', U'\xffff', U'\x10000', U'\x10ffff'}) {
    std::string text;
    append_utf8(text, c);
    const CodePoint point = decode_utf8(text, 0);
    CHECK(point.value == c);
    CHECK(point.length == text.size());
  }
  CHECK(count_code_points("a中😀") == 3);
}
