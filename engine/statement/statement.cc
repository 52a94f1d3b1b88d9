#include "engine/statement/statement.h"

#include <algorithm>
#include <array>

#include "engine/base/utf8.h"
#include "engine/language/fold.h"
#include "engine/note/text.h"

namespace annals {
namespace {

constexpr std::size_t kStraightQuoteMax = 400;

struct Pair {
  char32_t open;
  char32_t close;
};
constexpr std::array kPairs = {Pair{U'“', U'”'},   Pair{U'‘', U'’'},   Pair{U'「', U'」'}, Pair{U'『', U'』'},
                               Pair{U'《', U'》'}, Pair{U'〈', U'〉'}, Pair{U'【', U'】'}, Pair{'(', ')'},
                               Pair{'[', ']'},     Pair{U'«', U'»'},   Pair{U'﹁', U'﹂'}, Pair{U'﹃', U'﹄'}};

// Full-width brackets count as their half-width twins: (…） is one pair in many notes.
char32_t narrow(char32_t c) {
  switch (c) {
    case U'（':
      return '(';
    case U'）':
      return ')';
    case U'［':
      return '[';
    case U'］':
      return ']';
    case U'＂':
      return '"';
    default:
      return c;
  }
}

bool is_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7);
}
bool is_upper(char32_t c) { return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7); }
bool is_lower(char32_t c) { return is_letter(c) && !is_upper(c); }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_word(char32_t c) {
  return is_letter(c) || is_digit(c) || is_han(c) || c >= 0x10000 || (c >= 0x370 && c < 0x2000) ||
         (c >= 0x3040 && c <= 0x30FF) || (c >= 0xAC00 && c <= 0xD7AF) || (c >= 0xFF10 && c <= 0xFF5A);
}
bool is_quote(char32_t c) {
  return c == U'“' || c == U'‘' || c == U'「' || c == U'『' || c == '"' || c == U'«' || c == U'﹁' || c == U'﹃';
}

// A pair of quotation marks or brackets: [begin of the opening one, begin of the closing one].
struct Enclosed {
  std::size_t open = 0;
  std::size_t close = 0;
};

// The outermost pairs of a block, in order. One pass with a stack; an opening mark that is never closed is passed over.
std::vector<Enclosed> find_enclosed(std::string_view text, ByteSpan block) {
  struct Open {
    char32_t close;
    std::size_t at;
    std::size_t count;
  };
  constexpr std::size_t kDepth = 16;
  std::vector<Open> stack;
  std::vector<Enclosed> found;
  std::size_t count = 0;
  char32_t before = 0;
  for (std::size_t at = block.begin; at < block.end; ++count) {
    const CodePoint point = decode_utf8(text, at);
    const char32_t c = narrow(point.value);
    const auto open_it = [&](char32_t close) {
      if (stack.size() == kDepth) stack.erase(stack.begin());
      stack.push_back({close, at, count});
    };
    const auto close_it = [&](std::size_t longest) {
      for (std::size_t depth = stack.size(); depth-- > 0;) {
        if (stack[depth].close != c) continue;
        if (count - stack[depth].count < longest) {
          const Enclosed pair{stack[depth].at, at};
          while (!found.empty() && found.back().open > pair.open) found.pop_back();
          found.push_back(pair);
        }
        stack.resize(depth);
        return true;
      }
      return false;
    };
    if (c == '"') {
      const bool inches = is_digit(before) &&
                          std::none_of(stack.begin(), stack.end(), [](const Open& open) { return open.close == '"'; });
      if (!inches && !close_it(kStraightQuoteMax)) open_it('"');
    } else if (c == U'’' && is_letter(before)) {
      // An apostrophe, unless it closes: don’t, firms’.
      const std::size_t next = at + point.length;
      if (next >= block.end || !is_letter(decode_utf8(text, next).value)) close_it(kStatementCharsMax);
    } else {
      for (const Pair& pair : kPairs) {
        if (c == pair.open)
          open_it(pair.close);
        else if (c == pair.close)
          close_it(kStatementCharsMax);
      }
    }
    before = point.value;
    at += point.length;
  }
  return found;
}

// Words before a period that do not end a sentence.
constexpr auto kAbbreviations = std::to_array<std::string_view>(
    {"mr",  "drs",  "messrs", "mt",   "mrs", "ms",  "dr",  "prof", "st",     "gen", "col", "lt",
     "sen", "rep",  "gov",    "rev",  "hon", "vs",  "e.g", "i.e",  "cf",     "al",  "no",  "nos",
     "fig", "figs", "eq",     "vol",  "pp",  "ed",  "eds", "jan",  "feb",    "mar", "apr", "jun",
     "jul", "aug",  "sep",    "sept", "oct", "nov", "dec", "dept", "approx", "est", "ca"});
// Those that may also stand at the end of one: a sentence begins after them only with a word that begins sentences.
constexpr auto kEndings = std::to_array<std::string_view>({"inc", "co", "corp", "ltd", "etc", "jr", "sr", "u.s", "id",
                                                           "u.k", "e.u", "u.n", "a.m", "p.m", "plc", "bros", "d.c"});
constexpr auto kOpeners = std::to_array<std::string_view>(
    {"the",  "a",     "an",    "it",     "its",  "he",    "she",       "they",      "we",      "i",  "in", "on",
     "at",   "but",   "and",   "this",   "that", "these", "those",     "there",     "however", "if", "as", "for",
     "when", "while", "after", "before", "by",   "with",  "according", "meanwhile", "his",     "her"});

template <std::size_t N>
bool listed(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The lower-case word of ASCII letters and inner periods that ends before `at` (at most 16 bytes).
std::string word_before(std::string_view text, std::size_t begin, std::size_t at) {
  std::size_t from = at;
  while (from > begin && at - from < 16 &&
         (is_letter(static_cast<unsigned char>(text[from - 1])) || text[from - 1] == '.'))
    --from;
  std::string word(text.substr(from, at - from));
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return word;
}

std::string word_after(std::string_view text, std::size_t at, std::size_t end) {
  std::string word;
  while (at < end && word.size() < 16) {
    char c = text[at++];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c < 'a' || c > 'z') break;
    word += c;
  }
  return word;
}

// Who spoke, told after the quotation: "…。”某某表示。" The clause must be short, hold a verb of speech and end there,
// or lead into the next quotation; a clause that goes on with a comma begins a sentence of its own. A word or two may
// lead it in ("此前，").
bool tells_the_speaker(std::string_view text, std::size_t at, std::size_t end) {
  static constexpr auto kVerbs = std::to_array<std::string_view>(
      {"说",   "說",   "表示", "称", "稱",   "指出", "写道", "寫道", "回应",  "回應", "补充",  "補充",  "强调",
       "強調", "坦言", "透露", "道", "认为", "認為", "said", "says", "wrote", "told", "added", "asked", "问"});
  constexpr std::size_t kClauseMax = 24;
  constexpr std::size_t kLeadMax = 4;
  std::size_t start = at;
  std::size_t count = 0;
  bool led_in = false;
  while (at < end && count < kClauseMax) {
    const CodePoint point = decode_utf8(text, at);
    const char32_t c = point.value;
    const bool comma = c == U'，' || c == ',' || c == U'：' || c == ':';
    if (comma || is_sentence_end(c)) {
      const std::string_view clause = text.substr(start, at - start);
      const bool speech = std::any_of(kVerbs.begin(), kVerbs.end(), [&](std::string_view verb) {
        return clause.find(verb) != std::string_view::npos;
      });
      if (comma && !speech && !led_in && count <= kLeadMax) {
        led_in = true;
        at += point.length;
        start = at;
        count = 0;
        continue;
      }
      if (!speech || clause.empty()) return false;
      if (!comma) return true;
      std::size_t next = at + point.length;
      while (next < end && text[next] == ' ') ++next;
      return next < end && is_quote(narrow(decode_utf8(text, next).value));
    }
    if (is_quote(narrow(c))) return false;
    at += point.length;
    ++count;
  }
  return false;
}

class Splitter {
 public:
  Splitter(std::string_view text, const Article& article) : text_(text), article_(article) {}

  std::vector<Statement> run() {
    for (std::uint32_t i = 0; i < article_.blocks.size(); ++i) {
      const Block& block = article_.blocks[i];
      if (block.kind == BlockKind::kHeading) {
        heading_ = block.span;
        heading_words_ = block.words(text_);
        continue;
      }
      if (!block.mapped.empty()) {
        split_mapped(block, i);
        continue;
      }
      first_of_block_ = out_.size();
      block_ = &block;
      paragraph_ = i;
      carried_ = {};
      if (block.kind == BlockKind::kBullet)
        add(block.span);
      else
        split_sentences(block.span);
      // What is left without a word (a whole block of dashes) is a statement still: nothing may be lost.
      if (!carried_.empty()) emit(carried_);
    }
    return std::move(out_);
  }

 private:
  // A block that is written with markup is split as what a person reads, and the way back is put beside.
  void split_mapped(const Block& block, std::uint32_t paragraph) {
    Article alone;
    alone.blocks.push_back({block.kind, {0, block.mapped.text.size()}, block.level});
    for (Statement& statement : Splitter(block.mapped.text, alone).run()) {
      statement.pieces = pieces_of(block.mapped.pieces, statement.span);
      statement.span = note_span(block.mapped.pieces, statement.span);
      statement.heading = std::string(heading_words_);
      statement.heading_span = heading_;
      statement.paragraph = paragraph;
      out_.push_back(std::move(statement));
    }
  }

  void split_sentences(ByteSpan block) {
    const std::vector<Enclosed> enclosed = find_enclosed(text_, block);
    std::size_t next_pair = 0;
    std::size_t begin = block.begin;  // of the sentence
    char32_t before = 0;
    for (std::size_t at = block.begin; at < block.end;) {
      if (next_pair < enclosed.size() && enclosed[next_pair].open == at) {
        const Enclosed pair = enclosed[next_pair++];
        const CodePoint close = decode_utf8(text_, pair.close);
        at = pair.close + close.length;
        before = close.value;
        if (closes_sentence(pair, begin, at, block.end)) {
          at = absorb(at, block.end, next_pair, enclosed);
          add({begin, at});
          begin = at;
          before = 0;
        }
        continue;
      }
      const CodePoint point = decode_utf8(text_, at);
      if (ends_sentence(point, begin, at, before, block.end)) {
        at = absorb(at + point.length, block.end, next_pair, enclosed);
        add({begin, at});
        begin = at;
        before = 0;
        continue;
      }
      before = point.value;
      at += point.length;
    }
    add({begin, block.end});
  }

  // Further marks of the same end: ？！, ……, 。”, .[3], and blanks between them and a citation mark.
  std::size_t absorb(std::size_t at, std::size_t end, std::size_t& next_pair,
                     const std::vector<Enclosed>& enclosed) const {
    while (at < end) {
      const CodePoint point = decode_utf8(text_, at);
      if (const std::size_t mark = citation_length(text_, at); mark != 0 && at + mark <= end) {
        at += mark;
        while (next_pair < enclosed.size() && enclosed[next_pair].open < at) ++next_pair;
        continue;
      }
      if (next_pair < enclosed.size() && enclosed[next_pair].open == at && is_source(enclosed[next_pair], end)) {
        at = enclosed[next_pair].close + decode_utf8(text_, enclosed[next_pair].close).length;
        ++next_pair;
        continue;
      }
      const bool opens = next_pair < enclosed.size() && enclosed[next_pair].open == at;
      if (!opens && (is_sentence_end(point.value) || is_closer(point.value))) {
        at += point.length;
        continue;
      }
      break;
    }
    return at;
  }

  // Short brackets that end their block name whose words these were, "…。（某报）": they stay with the last sentence.
  bool is_source(Enclosed pair, std::size_t end) const {
    constexpr std::size_t kSourceMax = 12;
    const CodePoint open = decode_utf8(text_, pair.open);
    if (narrow(open.value) != '(') return false;
    const std::string_view name = text_.substr(pair.open + open.length, pair.close - pair.open - open.length);
    if (name.size() > 4 * kSourceMax || count_code_points(name) > kSourceMax ||
        name.find("。") != std::string_view::npos)
      return false;
    return trim_citations(text_, {pair.close + decode_utf8(text_, pair.close).length, end}).empty();
  }

  bool ends_sentence(CodePoint point, std::size_t begin, std::size_t at, char32_t before, std::size_t end) const {
    const std::size_t next_at = at + point.length;
    const char32_t next = next_at < end ? decode_utf8(text_, next_at).value : 0;
    switch (point.value) {
      case U'。':
        return !enumerates(begin, at);
      case U'！':
      case U'？':
      case U'｡':
      case U'；':
      case 0x203C:
      case 0x2047:
      case 0x2048:
      case 0x2049:
        return true;
      case U'…':
        if (next == U'…') return false;  // decided at the last of them
        return ends_ellipsis(next_at, end);
      case '!':
      case '?':
        // Inside an address (?id=3) a letter follows at once, and no ideograph comes before.
        return !((is_letter(next) || is_digit(next) || next == '=' || next == '&') && !is_han(before));
      case ';':
        return is_han(before);
      case '.':
        return ends_at_period(begin, at, before, end);
      default:
        return false;
    }
  }

  // "1. First", "问题 4. 为何": a number that begins its sentence is part of what it numbers.
  bool enumerates(std::size_t begin, std::size_t at) const {
    constexpr std::size_t kLabelMax = 4;  // ideographs before the number
    std::size_t labels = 0;
    std::size_t digits = 0;
    while (begin < at) {
      const CodePoint point = decode_utf8(text_, begin);
      begin += point.length;
      if (is_digit(point.value)) {
        if (++digits > 2) return false;
      } else if (is_han(point.value)) {
        if (digits > 0 || ++labels > kLabelMax) return false;
      } else if (!is_blank(point.value) && point.value != '(') {
        return false;
      }
    }
    return digits > 0;
  }

  bool ends_ellipsis(std::size_t at, std::size_t end) const {
    std::size_t next_at = at;
    while (next_at < end && text_[next_at] == ' ') ++next_at;
    if (next_at >= end) return true;
    const char32_t next = decode_utf8(text_, next_at).value;
    if (is_han(next)) return true;
    if (is_upper(next) || is_digit(next)) return next_at > at;
    return is_quote(narrow(next));
  }

  bool ends_at_period(std::size_t begin, std::size_t at, char32_t before, std::size_t end) const {
    std::size_t next_at = at + 1;
    const char32_t next = next_at < end ? decode_utf8(text_, next_at).value : 0;
    if (next == '.') return false;  // decided at the last of them
    if (before == '.') return ends_ellipsis(next_at, end);
    while (next_at < end) {  // the closing marks that belong to it
      const CodePoint point = decode_utf8(text_, next_at);
      const std::size_t mark = citation_length(text_, next_at);
      if (mark == 0 && !is_closer(point.value)) break;
      next_at += mark != 0 ? mark : point.length;
    }
    if (next_at >= end) return true;
    const std::size_t blank_at = next_at;
    while (next_at < end && is_blank(decode_utf8(text_, next_at).value)) next_at += decode_utf8(text_, next_at).length;
    if (next_at >= end) return true;
    const char32_t after = decode_utf8(text_, next_at).value;
    if (next_at == blank_at) return false;  // 3.5, example.com, 詹姆斯.卡梅隆
    if (is_han(before)) return true;
    if (is_lower(after)) return false;
    const std::string word = word_before(text_, begin, at);
    if (word.empty()) return !enumerates(begin, at);
    if (listed(kAbbreviations, word)) return word == "no" && !is_digit(after);
    const bool initial = word.size() == 1 ||
                         (word.size() <= 7 && word[1] == '.' && word.find('.', 2) != std::string::npos) ||
                         (word.size() == 3 && word[1] == '.');
    if (initial || listed(kEndings, word)) return is_han(after) || listed(kOpeners, word_after(text_, next_at, end));
    return true;
  }

  // A pair that has just closed, with `at` behind it: does it close its sentence too?
  bool closes_sentence(Enclosed pair, std::size_t begin, std::size_t at, std::size_t end) const {
    const Before inner = code_point_before(text_, pair.close);
    if (inner.begin <= pair.open || !is_sentence_end(inner.value)) return false;
    const char32_t open = narrow(decode_utf8(text_, pair.open).value);
    const Before outer = code_point_before(text_, pair.open);
    const bool begins = trim(text_, {begin, pair.open}).empty();
    if (!is_quote(open)) return begins && inner.value != '.' && open != U'《' && open != U'【';
    std::size_t next_at = at;
    while (next_at < end && citation_length(text_, next_at) != 0) next_at += citation_length(text_, next_at);
    while (next_at < end && is_blank(decode_utf8(text_, next_at).value)) next_at += decode_utf8(text_, next_at).length;
    if (next_at >= end) return true;
    const char32_t next = decode_utf8(text_, next_at).value;
    // Only words, digits or a new quotation begin a sentence.
    if (!is_word(next) && !is_quote(narrow(next)) && narrow(next) != '(' && next != U'《' && next != U'【')
      return false;
    if (is_lower(next) || next == U'的') return false;
    const bool speech = begins || outer.value == U'：' || outer.value == ':' || outer.value == U'，' ||
                        outer.value == ',' || outer.value == ' ';
    const bool full_stop = inner.value == U'。' || inner.value == U'｡' || inner.value == '.';
    if (!speech && !full_stop) return false;
    return !tells_the_speaker(text_, next_at, end);
  }

  // One piece of the block, cut where it is too long.
  void add(ByteSpan piece) {
    piece = trim_citations(text_, piece);
    if (piece.empty()) return;
    if (!has_word(piece)) {
      if (out_.size() > first_of_block_ &&
          count_code_points(text_.substr(out_.back().span.begin, piece.end - out_.back().span.begin)) <=
              kStatementCharsMax) {
        Statement& last = out_.back();
        last.span.end = piece.end;
        last.text = std::string(last.span.of(text_));
      } else if (carried_.empty()) {
        carried_ = piece;
      } else {
        carried_.end = piece.end;
      }
      return;
    }
    if (!carried_.empty()) piece.begin = carried_.begin;
    carried_ = {};
    emit(piece);
  }

  bool has_word(ByteSpan piece) const {
    for (std::size_t at = piece.begin; at < piece.end;) {
      const CodePoint point = decode_utf8(text_, at);
      if (is_word(point.value)) return true;
      at += point.length;
    }
    return false;
  }

  void emit(ByteSpan piece) {
    while (!piece.empty()) {
      const std::size_t end = cut(piece);
      const ByteSpan part = trim_citations(text_, {piece.begin, end});
      if (!part.empty()) {
        Statement statement;
        statement.span = part;
        statement.text = std::string(part.of(text_));
        statement.heading = std::string(heading_words_);
        statement.heading_span = heading_;
        statement.block = block_->kind;
        statement.paragraph = paragraph_;
        out_.push_back(std::move(statement));
      }
      piece = trim_citations(text_, {end, piece.end});
    }
  }

  // Where a piece ends at the latest.
  std::size_t cut(ByteSpan piece) const {
    if (piece.size() <= kStatementCharsMax) return piece.end;
    std::size_t at = piece.begin;
    std::size_t good = 0;
    for (std::size_t count = 0; at < piece.end; ++count) {
      if (count == kStatementCharsMax) return good != 0 ? good : at;
      const CodePoint point = decode_utf8(text_, at);
      at += point.length;
      const char32_t c = point.value;
      if (count * 2 >= kStatementCharsMax && (c == U'，' || c == ',' || c == U'、' || c == U'。' || is_blank(c)))
        good = at;
    }
    return piece.end;
  }

  std::string_view text_;
  const Article& article_;
  std::vector<Statement> out_;
  std::size_t first_of_block_ = 0;
  const Block* block_ = nullptr;
  std::uint32_t paragraph_ = 0;
  ByteSpan heading_;
  std::string_view heading_words_;
  ByteSpan carried_;  // a piece without a word, waiting for the next
};

}  // namespace

ByteSpan Statement::on_note(ByteSpan part) const {
  if (pieces.empty()) return {span.begin + part.begin, span.begin + part.end};
  if (part.empty()) {
    const std::uint64_t at = part.begin < text.size() ? note_span(pieces, {part.begin, part.begin + 1}).begin : span.end;
    return {at, at};
  }
  return note_span(pieces, part);
}

std::optional<std::string> Statement::words_at(ByteSpan there) const {
  if (there.empty() || there.begin < span.begin || there.end > span.end) return std::nullopt;
  if (pieces.empty()) return std::string(std::string_view(text).substr(std::min<std::size_t>(there.begin - span.begin, text.size()), there.size()));
  return annals::words_at(text, pieces, there);
}

std::vector<Statement> split_statements(std::string_view note_text, const Article& article) {
  return Splitter(note_text, article).run();
}

void RunningTextHash::add(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    const std::string folded = fold(statement.text);
    std::string dense;
    dense.reserve(folded.size());
    for (std::size_t at = 0; at < folded.size();) {
      const CodePoint point = decode_utf8(folded, at);
      if (!is_blank(point.value)) dense.append(folded, at, point.length);
      at += point.length;
    }
    any_ = any_ || !dense.empty();
    hash_.add(dense);
  }
}

Digest RunningTextHash::finish() { return any_ ? hash_.finish() : Digest{}; }

Digest running_text_hash(const std::vector<Statement>& statements) {
  RunningTextHash hash;
  hash.add(statements);
  return hash.finish();
}

}  // namespace annals
