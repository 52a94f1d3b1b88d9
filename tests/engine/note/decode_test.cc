// Goal: bytes become text or one line that says what is wrong and where; nothing is guessed that could be a damaged
// note.
#include <catch2/catch.hpp>
#include <string>

#include "engine/base/utf8.h"
#include "engine/note/note.h"

using namespace annals;

namespace {

std::string to_utf16(std::string_view text, bool big, bool mark) {
  std::string out;
  const auto unit = [&](char32_t c) {
    const char high = static_cast<char>(c >> 8);
    const char low = static_cast<char>(c & 0xFF);
    out += big ? high : low;
    out += big ? low : high;
  };
  if (mark) unit(0xFEFF);
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    at += point.length;
    if (point.value >= 0x10000) {
      unit(0xD800 + ((point.value - 0x10000) >> 10));
      unit(0xDC00 + ((point.value - 0x10000) & 0x3FF));
    } else {
      unit(point.value);
    }
  }
  return out;
}

std::string error_of(std::string bytes) {
  const auto note = decode_note(std::move(bytes), "n.txt");
  return note ? "read as " + std::string(encoding_name(note->encoding)) : note.error().message;
}

constexpr std::string_view kSimplified = "海关本周放行了第一批芯片。\n买家说，价格比上个月低了两成，交货要等三个月。\n";
constexpr std::string_view kTraditional =
    "海關本週放行了第一批晶片。\n買家說，價格比上個月低了兩成，交貨要等三個月。\n";
constexpr std::string_view kEnglish =
    "Customs cleared the first chips this week.\nBuyers said prices were a fifth lower than a month ago.\n";
// kSimplified in GB18030, a four-byte character (U+20000) at its end.
constexpr std::string_view kSimplifiedGb =
    "\xba\xa3\xb9\xd8\xb1\xbe\xd6\xdc\xb7\xc5\xd0\xd0\xc1\xcb\xb5\xda\xd2\xbb\xc5\xfa\xd0\xbe\xc6\xac\xa1\xa3\n"
    "\xc2\xf2\xbc\xd2\xcb\xb5\xa3\xac\xbc\xdb\xb8\xf1\xb1\xc8\xc9\xcf\xb8\xf6\xd4\xc2\xb5\xcd\xc1\xcb\xc1\xbd\xb3\xc9"
    "\xa3\xac\xbd\xbb\xbb\xf5\xd2\xaa\xb5\xc8\xc8\xfd\xb8\xf6\xd4\xc2\xa1\xa3\n\x95\x32\x82\x36";

// kTraditional in Big5.
constexpr std::string_view kTraditionalBig5 =
    "\xae\xfc\xc3\xf6\xa5\xbb\xb6\x67\xa9\xf1\xa6\xe6\xa4\x46\xb2\xc4\xa4\x40\xa7\xe5\xb4\xb9\xa4\xf9\xa1\x43\n\xb6"
    "\x52\xae\x61\xbb\xa1\xa1\x41\xbb\xf9\xae\xe6\xa4\xf1\xa4\x57\xad\xd3\xa4\xeb\xa7\x43\xa4\x46\xa8\xe2\xa6\xa8\xa1"
    "\x41\xa5\xe6\xb3\x66\xad\x6e\xb5\xa5\xa4\x54\xad\xd3\xa4\xeb\xa1\x43\n";

}  // namespace

TEST_CASE("UTF-8 stays as it is and a byte order mark counts") {
  const auto plain = decode_note(std::string(kSimplified), "a");
  REQUIRE(plain.ok());
  CHECK(plain->encoding == Encoding::kUtf8);
  CHECK(plain->text == kSimplified);
  CHECK(plain->size == kSimplified.size());
  CHECK(plain->hash == sha256(kSimplified));
  const auto marked = decode_note("\xEF\xBB\xBF" + std::string(kSimplified), "a");
  REQUIRE(marked.ok());
  CHECK(marked->text.size() == kSimplified.size() + 3);
}

TEST_CASE("UTF-16 is known with and without a mark in either order") {
  for (const std::string_view text :
       {kSimplified, kTraditional, kEnglish, std::string_view("价格 2,300 元，\U00020000 是罕见字。\n")}) {
    for (const bool big : {false, true}) {
      for (const bool mark : {false, true}) {
        const std::string bytes = to_utf16(text, big, mark);
        const auto note = decode_note(bytes, "a");
        REQUIRE(note.ok());
        CHECK(note->encoding == (big ? Encoding::kUtf16Be : Encoding::kUtf16Le));
        CHECK(note->text == text);
        CHECK(note->hash == sha256(bytes));
      }
    }
  }
}

TEST_CASE("GB18030 is known by its characters") {
  const auto note = decode_note(std::string(kSimplifiedGb), "a");
  REQUIRE(note.ok());
  CHECK(note->encoding == Encoding::kGb18030);
  CHECK(note->text == std::string(kSimplified) + "\U00020000");
}

TEST_CASE("GB18030 also holds Traditional text") {
  const auto note = decode_note(
      "\xd9\x49\xbc\xd2\xd5\x66\xa3\xac\x83\x72\xb8\xf1\xb1\xc8\xc9\xcf\x82\x80\xd4\xc2\xb5\xcd\xc1\xcb\x83\xc9\xb3\xc9"
      "\xa1\xa3\n",
      "a");
  REQUIRE(note.ok());
  CHECK(note->text == "買家說，價格比上個月低了兩成。\n");
}

TEST_CASE("a long GB18030 note is converted whole") {
  std::string bytes;
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    bytes += kSimplifiedGb.substr(0, kSimplifiedGb.size() - 4);
    expected += kSimplified;
  }
  const auto note = decode_note(bytes, "a");
  REQUIRE(note.ok());
  CHECK(note->text == expected);
}

TEST_CASE("nothing to read is said so") {
  CHECK(error_of("") == "n.txt: empty: expected a text");
  CHECK(error_of(" \n\t\r\n") == "n.txt: nothing but white space: expected a text");
  CHECK(error_of("\xEF\xBB\xBF\xE3\x80\x80\n") == "n.txt: nothing but white space: expected a text");
  CHECK(error_of(to_utf16("  \n", false, true)) == "n.txt: nothing but white space: expected a text");
}

TEST_CASE("binary notes are refused with the place of the NUL byte") {
  CHECK(error_of(std::string("one line\nab\0cd", 14)) == "n.txt: binary: a NUL byte at 2:3 (byte 12 of 14)");
  CHECK(error_of(std::string("\x7F"
                             "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
                             16))
            .find("binary: a NUL byte") != std::string::npos);
  CHECK(error_of(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)).find("binary") != std::string::npos);
  CHECK(error_of("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj") == "n.txt: binary: it begins as PDF does; expected a text");
  CHECK(error_of(std::string(40, '\x02') + "text") == "n.txt: binary: 40 control characters in 44 bytes");
}

TEST_CASE("broken UTF-8 is located by byte and line and column") {
  CHECK(error_of("海关\n放\xE8\x8A行") ==
        "n.txt:2:2: expected UTF-8, found the byte 0xE8 that cannot stand here (byte 11 of 15)");
  CHECK(error_of(std::string(kSimplified) + "\xE6\xB5") ==
        "n.txt:3:1: expected UTF-8, found the byte 0xE6 that cannot stand here (byte 111 of 112)");
  CHECK(error_of("plain words caf\xE9 and more").find("n.txt:1:16: expected UTF-8, found the byte 0xE9") == 0);
  CHECK(error_of("\xEF\xBB\xBF"
                 "a\xFF") == "n.txt:1:2: expected UTF-8, found the byte 0xFF that cannot stand here (byte 5 of 5)");
}

// A damaged byte must not turn a UTF-8 note into one of rare ideographs that no one reads.
TEST_CASE("a damaged UTF-8 note is never taken for another encoding") {
  const std::string text = std::string(kSimplified) + std::string(kEnglish);
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char bad : {'\xFF', '\x81', '\xC0'}) {
      std::string damaged = text;
      damaged[at] = bad;
      const auto note = decode_note(damaged, "n.txt");
      INFO("byte " << at);
      if (note.ok()) CHECK(note->encoding == Encoding::kUtf8);
    }
  }
}

TEST_CASE("cut UTF-16 and GB18030 name the byte") {
  std::string cut = to_utf16(kSimplified, false, true);
  cut.pop_back();
  CHECK(error_of(cut) == "n.txt: expected utf-16le, found bytes that do not decode at byte 77 of 77");
  std::string bytes;
  for (int i = 0; i < 40; ++i) bytes += kSimplifiedGb.substr(0, kSimplifiedGb.size() - 4);
  bytes += '\xba';
  CHECK(error_of(bytes).find("expected gb18030, found bytes that do not decode at byte") != std::string::npos);
}

TEST_CASE("JSON that escapes what is not ASCII is text with those escapes replaced") {
  const std::string bytes = R"({"title": "\u6d77\u5173", "text": "\ud840\udc00 said \"\u00e9\" \\u6d77 \n \ud840."})";
  const auto note = decode_note(bytes, "a");
  REQUIRE(note.ok());
  CHECK(note->encoding == Encoding::kJsonEscapes);
  CHECK(!is_plain_utf8(bytes));
  CHECK(is_plain_utf8(note->text));
  CHECK(note->text == R"({"title": "海关", "text": ")"
                      "\U00020000"
                      R"( said \"é\" \\u6d77 \n \ud840."})");
}

TEST_CASE("Big5 is known by its characters") {
  const auto note = decode_note(std::string(kTraditionalBig5), "n.txt");
  REQUIRE(note.ok());
  CHECK(encoding_name(note->encoding) == "big5");
  CHECK(note->text == kTraditional);
}

TEST_CASE("a page is read in the encoding that it declares") {
  const auto read = [](const std::string& bytes) {
    const auto note = decode_note(bytes, "n.html");
    return note ? std::string(encoding_name(note->encoding)) + ": " + note->text : note.error().message;
  };
  // Too short to tell by its characters, and of use to both sets.
  const std::string big5 = "\xb4\xb9\xa4\xf9";
  CHECK(read("<meta charset=big5>" + big5).ends_with("晶片"));
  CHECK(read("<meta charset=\"Big5-HKSCS\">" + big5).ends_with("晶片"));
  CHECK(read("<?xml version='1.0' encoding='big5'?><rss>" + big5).ends_with("晶片"));
  CHECK(read("<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">\xba\xa3\xb9\xd8").ends_with("海关"));
  CHECK(read("<meta charset=iso-8859-1>caf\xe9 \x93"
             "five\x94")
            .ends_with("café “five”"));
  // What is UTF-8 is UTF-8, whatever it says.
  CHECK(read("<meta charset=gbk>芯片") == "utf-8: <meta charset=gbk>芯片");
  CHECK(
      read("<meta charset=shift_jis>\x8a\x94\x8e\xae") ==
      "n.html: declares the encoding 'shift_jis': expected UTF-8, UTF-16, GB18030 (GBK, GB2312), Big5 or Windows-1252");
  CHECK(read("<meta charset=utf-8>\n\xb4\xb9").find("n.html:2:1: expected UTF-8, found the byte 0xB4") == 0);
  CHECK(read("<meta charset=big5>" + big5 + "\xff")
            .find("n.html: expected big5, found bytes that do not decode at byte 24 of 24") == 0);
}
