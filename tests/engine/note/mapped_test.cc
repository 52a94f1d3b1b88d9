// Goal: a text that is written with markup leads back to the bytes it stands for, whole and in part, also through two
// layers.
#include "engine/note/mapped.h"

#include <catch2/catch.hpp>

using namespace annals;

namespace {

// "R&D <b>costs</b>" as a note has it.
constexpr std::string_view kNote = "R&amp;D <b>costs</b>";
MappedText written() {
  MappedText out;
  out.append("R", 0);
  out.append_reference("&", {1, 6});
  out.append("D ", 6);
  out.append("costs", 11);
  return out;
}

}  // namespace

TEST_CASE("parts of a text lead to their bytes") {
  const MappedText text = written();
  CHECK(text.text == "R&D costs");
  CHECK(are_whole(text.pieces, text.text.size(), {0, kNote.size()}));
  CHECK(note_span(text.pieces, {0, 3}).of(kNote) == "R&amp;D");
  CHECK(note_span(text.pieces, {1, 2}).of(kNote) == "&amp;");
  CHECK(note_span(text.pieces, {4, 9}).of(kNote) == "costs");
  CHECK(note_span(text.pieces, {2, 6}).of(kNote) == "D <b>co");
  CHECK(pieces_of(text.pieces, {4, 9}).empty());
  CHECK(pieces_of(text.pieces, {1, 6}) == TextPieces{{{0, 1}, {1, 6}}, {{1, 3}, {6, 8}}, {{3, 5}, {11, 13}}});
}

TEST_CASE("words are found again from their place in the note") {
  const MappedText text = written();
  for (std::size_t begin = 0; begin < text.text.size(); ++begin)
    for (std::size_t end = begin + 1; end <= text.text.size(); ++end)
      CHECK(words_at(text.text, text.pieces, note_span(text.pieces, {begin, end})) == text.text.substr(begin, end - begin));
  CHECK(words_at(text.text, text.pieces, {3, 7}) == "&D");   // inside a reference: it counts whole
  CHECK(words_at(text.text, text.pieces, {8, 11}).empty());  // a tag alone stands for nothing
}

TEST_CASE("what stands there is compared where it is the same bytes") {
  const MappedText text = written();
  CHECK(stands_there(kNote, text.pieces, {0, 16}, "R&D costs"));
  CHECK(stands_there(kNote, text.pieces, {11, 16}, "costs"));
  CHECK_FALSE(stands_there(kNote, text.pieces, {11, 16}, "costa"));
  CHECK_FALSE(stands_there(kNote, text.pieces, {0, 16}, "R&D cost"));
  CHECK_FALSE(stands_there(kNote, text.pieces, {11, 99}, "costs"));
  CHECK(stands_there("plain", {}, {1, 3}, "la"));
}

// A feed's text is HTML that is itself escaped: &amp;lt; is &lt; is <.
TEST_CASE("two layers of escaping lead back through both") {
  MappedText outer;  // of the note x&amp;lt;y
  outer.append("x", 0);
  outer.append_reference("&", {1, 6});
  outer.append("lt;y", 6);
  MappedText inner;  // of x&lt;y
  inner.append("x", 0);
  inner.append_reference("<", {1, 5});
  inner.append("y", 5);
  CHECK(through(inner.pieces, outer.pieces) == TextPieces{{{0, 1}, {0, 1}}, {{1, 2}, {1, 9}}, {{2, 3}, {9, 10}}});
}

// Found by fuzzing: the parts of &fjlig; were as long as the letters they stand for, and passed for the same bytes.
TEST_CASE("a reference to two code points is two pieces and neither as long as its bytes") {
  MappedText text;
  text.append_reference("\xE2\x89\xAB\xCC\xB8", {0, 6});  // &nGtv;
  CHECK(text.pieces == TextPieces{{{0, 3}, {0, 1}}, {{3, 5}, {1, 6}}});
  text = {};
  text.append_reference("fj", {0, 7});  // &fjlig;
  CHECK(text.pieces == TextPieces{{{0, 1}, {0, 2}}, {{1, 2}, {2, 7}}});
  text = {};
  text.append_reference("=\xE2\x83\xA5", {0, 5});  // &bne;
  CHECK(text.pieces == TextPieces{{{0, 1}, {0, 3}}, {{1, 4}, {3, 5}}});
}

TEST_CASE("pieces that do not keep their promises are known") {
  CHECK(are_whole({}, 5, {0, 5}));
  CHECK_FALSE(are_whole({{{0, 4}, {0, 4}}}, 5, {0, 5}));
  CHECK_FALSE(are_whole({{{1, 5}, {0, 4}}}, 5, {0, 5}));
  CHECK_FALSE(are_whole({{{0, 5}, {3, 8}}}, 5, {0, 5}));
  CHECK_FALSE(are_whole({{{0, 2}, {3, 5}}, {{2, 5}, {4, 7}}}, 5, {0, 9}));
  CHECK_FALSE(are_whole({{{0, 2}, {0, 2}}, {{2, 2}, {2, 3}}, {{2, 5}, {3, 6}}}, 5, {0, 9}));
}
