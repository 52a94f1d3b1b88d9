#pragma once
// Whether two statements say a thing in the same words. Then answers count one source, whoever wrote the words first: a reprint, a
// sentence cut down, a release that two outlets print, in either script, is heard once.
//
// Statements are compared as sets of shingles (engine/language/shingles.h): the same words are kSameWords or more of the smaller set, and
// kSameWordsMin long at least, because short sentences with the same figures are alike by form; or all of a statement that is
// kSameStatementMin long. Length is counted in ideographs and numbers, less the last shingle's; a Latin word is as long as two. A
// statement that mostly quotes somebody is nobody's copy: what is quoted are the words of an origin of his own, whom many may have heard.
//
// Compared are statements that say the same of one key, so that formulas (the profits of two companies) never meet. The bounds were
// chosen by reading: of the 102 pairs of statements of different outlets that are kSameWords alike in two news archives and five
// notes, 98 are one text, and 4 are two outlets' own sentences about one release. Threads: any.

#include <cstdint>
#include <string>
#include <string_view>

namespace annals {

inline constexpr double kSameWords = 0.65;
inline constexpr std::size_t kSameWordsMin = 20;
inline constexpr std::size_t kSameStatementMin = 10;
inline constexpr std::size_t kQuotedMin = 8;         // tokens; what is shorter is a name or a title
inline constexpr std::size_t kWordingShingles = 64;

// What is kept of a statement's text to compare it: its length, the number of its shingles, and 16 bits each of the kWordingShingles
// that have the smallest hashes, which is all of more than nine in ten statements with a claim. 132 bytes at most. Empty: too short.
std::string wording_of(std::string_view text);
// Both are of wording_of. Sets that were cut are compared up to the smaller of their largest hashes.
bool same_wording(std::string_view a, std::string_view b);

}  // namespace annals
