// Writes the character table of engine/language/fold.cc: for every code point what it folds to.
//   make_fold_table OPENCC_FOLDER OUT.cc
// Sources: OpenCC's TSCharacters (Traditional → Simplified) and its variant tables of Hong Kong and Taiwan; ICU for
// case, width and compatibility forms; and the few marks below that mean the same in print. Run by the build, so that
// starting the engine costs nothing.
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <opencc/DictEntry.hpp>
#include <opencc/Lexicon.hpp>
#include <opencc/MarisaDict.hpp>

#include <array>
#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <iostream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"

namespace {

using Table = std::map<char32_t, char32_t>;
constexpr char32_t kDropped = 0;

// Single characters of an OpenCC dictionary with their first candidate.
Table read_dictionary(const std::string& path) {
  Table table;
  const auto dictionary = opencc::SerializableDict::NewFromFile<opencc::MarisaDict>(path);
  const auto entries = dictionary->GetLexicon();
  for (const auto& entry : *entries) {
    const std::string key = entry->Key();
    const std::string value = entry->Values().at(0);
    const auto from = annals::decode_utf8(key, 0);
    const auto to = annals::decode_utf8(value, 0);
    if (from.length == key.size() && to.length == value.size()) table[from.value] = to.value;
  }
  return table;
}

char32_t look_up(const Table& table, char32_t c) {
  const auto at = table.find(c);
  return at == table.end() ? c : at->second;
}

// Marks that differ in print only. Full-width ASCII needs no row: ICU knows it.
Table marks() {
  const std::initializer_list<std::pair<std::u32string_view, char32_t>> rows = {
      {U"「﹁〝｢", U'“'},
      {U"」﹂〞〟｣", U'”'},
      {U"『﹃", U'‘'},
      {U"』﹄", U'’'},
      {U"〈", U'《'},
      {U"〉", U'》'},
      {U"﹐", U','},
      {U"﹑､", U'、'},
      {U"｡", U'。'},
      {U"‧・･•∙⋅", U'·'},
      {U"‐‑‒–−﹣", U'-'},
      {U"―─━", U'—'},
      {U"〜∼﹏", U'~'},
      {U"⋯", U'…'},
      {U"︰﹕", U':'},
      {U"﹔", U';'},
      {U"﹖", U'?'},
      {U"﹗", U'!'},
      {U"﹙", U'('},
      {U"﹚", U')'},
      {U"﹪", U'%'},
      {U"￥", U'¥'},
      {U"￡", U'£'},
      {U"￠", U'¢'},
      {U"￦", U'₩'},
      // Traditional characters that OpenCC simplifies in phrases only (瞭解, 牴觸, 彷彿, 憑藉, 祇有), though their
      // other uses are rare.
      {U"瞭", U'了'},
      {U"牴", U'抵'},
      {U"彷", U'仿'},
      {U"藉", U'借'},
      {U"祇", U'只'},
      {U"擡", U'抬'},
  };
  Table table;
  for (const auto& [from, to] : rows) {
    for (const char32_t c : from) table[c] = to;
  }
  return table;
}

bool is_blank(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0x2028 || c == 0x2029 ||
         u_charType(static_cast<UChar32>(c)) == U_SPACE_SEPARATOR;
}

// Characters without a shape: zero-width, direction marks, variation selectors, the soft hyphen, the byte order mark.
bool is_dropped(char32_t c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F) || c == 0x180E || (c >= 0xE0000 && c <= 0xE0FFF);
}

unsigned utf8_length(char32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

// The single character that a compatibility form stands for (full width, radicals and ideographs of old code pages,
// styled letters), else itself. Letters and Han only: ② and ™ keep their shape, ½ is more than one.
char32_t compatible(const icu::Normalizer2& nfkc, char32_t c) {
  icu::UnicodeString out;
  if (!nfkc.getDecomposition(static_cast<UChar32>(c), out)) return c;
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString whole = nfkc.normalize(out, status);
  if (U_FAILURE(status) || whole.countChar32() != 1) return c;
  const auto to = static_cast<char32_t>(whole.char32At(0));
  const bool full_width = c >= 0xFF01 && c <= 0xFF5E;
  const bool styled = c >= 0x1D400 && c <= 0x1D7FF;
  const bool han = annals::is_han(to) && (annals::is_han(c) || (c >= 0x2E80 && c <= 0x2FDF));
  return (full_width || styled || han) && utf8_length(to) <= utf8_length(c) ? to : c;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: make_fold_table OPENCC_FOLDER OUT.cc\n";
    return 2;
  }
  const std::string folder = std::string(arguments[1]) + "/";
  const Table simplified = read_dictionary(folder + "TSCharacters.ocd2");
  const Table hong_kong = read_dictionary(folder + "HKVariantsRev.ocd2");
  const Table taiwan = read_dictionary(folder + "TWVariantsRev.ocd2");
  const Table printed = marks();
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  if (U_FAILURE(status) || simplified.size() < 3000) {
    std::cerr << "make_fold_table: " << folder << " or ICU is not what was expected\n";
    return 1;
  }

  // A simplified form outside the basic plane would be longer than the form it stands for, and folding must never
  // lengthen: there the rare simplified form folds to the Traditional one. Either way both are one.
  Table rare;
  for (const auto& [from, to] : simplified) {
    if (utf8_length(to) > utf8_length(from)) rare[to] = from;
  }
  const auto step = [&](char32_t c) {
    if (const char32_t to = compatible(*nfkc, c); to != c) return to;
    if (const char32_t to = look_up(printed, c); to != c) return to;
    if (const char32_t to = look_up(rare, c); to != c) return to;
    if (const char32_t to = look_up(simplified, c); to != c && utf8_length(to) <= utf8_length(c)) return to;
    // A variant of a Traditional character whose simplified form is another one: 衞 = 衛 → 卫, 著 = 着. Two rows of the
    // tables point away from Simplified: 么 is 麼's simplified form as well as 幺's variant, and 抬 is the simplified
    // form of 擡.
    if (c == U'么' || c == U'抬') return c;
    for (const Table* variants : {&hong_kong, &taiwan}) {
      const char32_t standard = look_up(*variants, c);
      if (const char32_t to = look_up(simplified, standard);
          standard != c && to != c && utf8_length(to) <= utf8_length(c))
        return to;
    }
    if (const auto to = static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT));
        utf8_length(to) <= utf8_length(c))
      return to;
    return c;
  };

  std::vector<std::array<char32_t, 256>> pages;
  std::array<unsigned, 256> page_of{};
  std::vector<std::pair<char32_t, char32_t>> beyond;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    char32_t to = c;
    if (is_blank(c)) {
      to = U' ';
    } else if (is_dropped(c)) {
      to = kDropped;
    } else {
      for (int turn = 0; turn < 8; ++turn) {  // Until it stays: folding what is folded must change nothing.
        const char32_t next = step(to);
        if (next == to) break;
        if (turn == 7) {
          std::cerr << "make_fold_table: U+" << std::hex << static_cast<unsigned>(c) << " runs in a circle\n";
          return 1;
        }
        to = next;
      }
    }
    if (to == c) continue;
    if (c > 0xFFFF) {
      if (c < 0xE0000) beyond.emplace_back(c, to);  // The tags and selectors of plane 14 are one rule in fold.cc.
      continue;
    }
    unsigned& page = page_of[c >> 8];
    if (page == 0) {
      auto& fresh = pages.emplace_back();
      for (char32_t i = 0; i < 256; ++i) fresh[i] = (c & 0xFF00) + i;
      page = static_cast<unsigned>(pages.size());
    }
    pages[page - 1][c & 0xFF] = to;
  }

  std::ofstream out(arguments[2]);
  out << "// Made by tools/generate/fold_table.cc.\n#include \"engine/language/fold_table.h\"\n\nnamespace annals {\n"
      << "const unsigned char kFoldPageOf[256] = {";
  for (const unsigned page : page_of) out << page << ',';
  out << "};\nconst char16_t kFoldPages[][256] = {\n{}";
  for (const auto& page : pages) {
    out << ",\n{";
    for (const char32_t to : page) out << static_cast<unsigned>(to) << ',';
    out << '}';
  }
  out << "};\nconst FoldBeyond kFoldBeyond[] = {\n";
  for (const auto& [from, to] : beyond)
    out << '{' << static_cast<unsigned>(from) << ',' << static_cast<unsigned>(to) << "},\n";
  out << "};\nconst std::size_t kFoldBeyondSize = " << beyond.size() << ";\n}  // namespace annals\n";
  return out.flush() ? 0 : 1;
}
