#include "engine/language/quantities.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "engine/base/utf8.h"
#include "engine/language/figures.h"
#include "engine/language/match.h"
#include "engine/language/numerals.h"
#include "engine/language/quantity_words.h"
#include "engine/language/times_scan.h"

namespace annals {

using namespace std::string_view_literals;

std::string_view quantity_kind_name(QuantityKind kind) {
  static constexpr std::array<std::string_view, 7> kNames = {"number",   "ordinal", "percent", "money",
                                                             "multiple", "measure", "duration"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view comparator_name(Comparator comparator) {
  static constexpr std::array<std::string_view, 7> kNames = {"=", "<", "<=", ">", ">=", "~", "range"};
  return kNames[static_cast<std::size_t>(comparator)];
}

std::string_view basis_name(Basis basis) {
  static constexpr std::array<std::string_view, 4> kNames = {"level", "yoy", "qoq", "mom"};
  return kNames[static_cast<std::size_t>(basis)];
}

namespace {

using numerals::Numeral;
using quantity_words::BoundWord;
using quantity_words::Currency;

constexpr std::size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool starts(std::string_view text, std::size_t at, std::string_view what) { return stands_at(text, at, what); }
bool ends(std::string_view text, std::size_t end, std::string_view what) {
  return what.size() <= end && stands_at(text, end - what.size(), what);
}

// Entries by their first byte (or last, for words looked up backwards), longest first.
template <class Entry>
class WordTable {
 public:
  template <std::size_t N, class Text>
  WordTable(const Entry (&entries)[N], Text text, bool backwards) {
    for (const Entry& e : entries) {
      const std::string_view word = text(e);
      rows_[static_cast<unsigned char>(backwards ? word.back() : word.front())].push_back({word, &e});
    }
    for (auto& row : rows_) {
      std::stable_sort(row.begin(), row.end(),
                       [](const Row& a, const Row& b) { return a.word.size() > b.word.size(); });
    }
  }
  // The longest entry that stands at `at` and, where it ends in a letter, ends with a word.
  const Entry* at(std::string_view text, std::size_t at, std::size_t& end) const {
    if (at >= text.size()) return nullptr;
    for (const Row& row : rows_[static_cast<unsigned char>(text[at])]) {
      if (!starts(text, at, row.word)) continue;
      const std::size_t behind = at + row.word.size();
      if (is_letter(row.word.back()) && behind < text.size() && (is_letter(text[behind]))) continue;
      end = behind;
      return row.entry;
    }
    return nullptr;
  }
  // The longest entry that ends at `end`.
  const Entry* before(std::string_view text, std::size_t end, std::size_t& begin) const {
    if (end == 0) return nullptr;
    for (const Row& row : rows_[static_cast<unsigned char>(text[end - 1])]) {
      if (!ends(text, end, row.word)) continue;
      begin = end - row.word.size();
      if (is_letter(row.word.front()) && begin > 0 && is_letter(text[begin - 1])) continue;
      return row.entry;
    }
    return nullptr;
  }

 private:
  struct Row {
    std::string_view word;
    const Entry* entry;
  };
  std::array<std::vector<Row>, 256> rows_;
};

std::string_view word_of(const Currency& c) { return c.word; }
std::string_view word_of(const BoundWord& b) { return b.word; }
std::string_view word_of(std::string_view s) { return s; }

struct Tables {
  WordTable<Currency> currency_before{quantity_words::kCurrencyBefore, [](const Currency& c) { return word_of(c); },
                                      false};
  WordTable<Currency> currency_after{quantity_words::kCurrencyAfter, [](const Currency& c) { return word_of(c); },
                                     false};
  WordTable<std::string_view> latin_units{quantity_words::kLatinUnits, [](std::string_view s) { return word_of(s); },
                                          false};
  WordTable<std::string_view> han_units{quantity_words::kHanUnits, [](std::string_view s) { return word_of(s); },
                                        false};
  WordTable<std::string_view> counters{quantity_words::kCounters, [](std::string_view s) { return word_of(s); }, false};
  WordTable<BoundWord> bounds_before{quantity_words::kBoundsBefore, [](const BoundWord& b) { return word_of(b); },
                                     true};
  WordTable<BoundWord> bounds_after{quantity_words::kBoundsAfter, [](const BoundWord& b) { return word_of(b); }, false};
  WordTable<BoundWord> english_bounds{quantity_words::kEnglishBounds, [](const BoundWord& b) { return word_of(b); },
                                      true};
};
const Tables& tables() {
  static const Tables kTables;
  return kTables;
}

// A number with what it counts, before bounds and ranges.
struct Amount {
  Numeral number;
  std::size_t begin = 0;  // folded; with currency or sign in front
  std::size_t end = 0;
  QuantityKind kind = QuantityKind::kNumber;
  double value = 0;
  std::string unit;
  std::string currency;
  std::size_t scaled_end = 0;  // behind bn, m, k where such a letter scaled the digits
  std::size_t numeral_end() const { return std::max(number.end, scaled_end); }
  bool unit_given = false;  // % or a currency or a unit stood there
  std::optional<Comparator> comparator;
};

class QuantityReader {
 public:
  // `times`: places of the folded text that numbers are not read from.
  QuantityReader(const FoldedText& folded, std::string_view original, std::vector<ByteSpan> times)
      : folded_(folded), text_(folded.text()), original_(original), times_(std::move(times)) {
    if (text_.ends_with(' ')) text_.remove_suffix(1);  // a blank at the end changes no value
  }

  std::vector<Quantity> read() {
    std::size_t at = 0;
    std::size_t next_time = 0;
    while (at < text_.size()) {
      while (next_time < times_.size() && times_[next_time].end <= at) ++next_time;
      if (next_time < times_.size() && times_[next_time].begin <= at) {
        at = times_[next_time].end;
        continue;
      }
      limit_ = next_time < times_.size() ? times_[next_time].begin : text_.size();
      at = step(at);
    }
    return std::move(out_);
  }
  const std::vector<ByteSpan>& numeral_spans() const { return numerals_; }

 private:
  // Reads what stands at `at`; returns where to go on, always further.
  std::size_t step(std::size_t at) {
    const char c = text_[at];
    if (is_ascii(c)) {
      if (is_letter(c)) return letters(at);
      if (is_digit(c) || c == '.' || c == '-' || c == '+' || c == '$' || c == '<' || c == '>') return arabic(at);
      if (c == '[') return citation(at);
      if (c == ',' || c == ';' || c == '!' || c == '?') basis_ = Basis::kLevel;
      return at + 1;
    }
    return han(at);
  }

  // [1], [12][13]: where the text comes from, not what it says.
  std::size_t citation(std::size_t at) const {
    std::size_t cursor = at + 1;
    while (cursor < text_.size() &&
           (is_digit(text_[cursor]) || text_[cursor] == ',' || text_[cursor] == '-' || text_[cursor] == ' ') &&
           cursor - at < 24)
      ++cursor;
    return cursor < text_.size() && text_[cursor] == ']' && cursor > at + 1 ? cursor + 1 : at + 1;
  }

  std::size_t letters(std::size_t at) {
    if (starts(text_, at, "http://") || starts(text_, at, "https://") || starts(text_, at, "www.")) {
      std::size_t cursor = at;
      while (cursor < text_.size() && static_cast<unsigned char>(text_[cursor]) > ' ' && is_ascii(text_[cursor]))
        ++cursor;
      return cursor;
    }
    if (auto amount = money_before(at)) return finish(*amount);
    std::size_t end = at;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    const std::string_view word = text_.substr(at, end - at);
    note_basis(word, at);
    if (auto multiple = english_multiple(at, end, word)) return finish(*multiple);
    if (auto number = numerals::read_english(text_, at)) {
      worded_decimals(*number);
      if (auto amount = english_words(*number)) return finish(*amount);
      return std::max(number->end, end);
    }
    if ((word == "negative" || word == "minus") && end < text_.size() && text_[end] == ' ') {
      auto number = numerals::read_english(text_, end + 1);
      if (!number && end + 1 < text_.size() && is_digit(text_[end + 1])) number = numerals::read_arabic(text_, end + 1);
      if (number) {
        worded_decimals(*number);
        Amount amount = plain(*number, at);
        amount.value = -amount.value;
        amount.number.negative = true;
        if (with_unit(amount)) return finish(amount);
      }
    }
    if (word == "musd" || word == "maud" || word == "meur" || word == "msek") {
      if (end < text_.size() && text_[end] == ' ' && end + 1 < text_.size() && is_digit(text_[end + 1])) {
        if (auto number = numerals::read_arabic(text_, end + 1)) {
          Amount amount = plain(*number, at);
          amount.kind = QuantityKind::kMoney;
          amount.currency = upper(word.substr(1));
          amount.value *= 1e6;
          amount.unit_given = true;
          return finish(amount);
        }
      }
    }
    if ((word == "per" || word == "percentage") && (starts(text_, end, " cent of ") || starts(text_, end, " of "))) {
      const std::size_t number_at = end + (text_[end + 1] == 'c' ? 9 : 4);
      if (number_at < text_.size() && is_digit(text_[number_at])) {
        auto number = numerals::read_arabic(text_, number_at);
        if (number && !(number->end < text_.size() && (is_letter(text_[number->end]) || text_[number->end] == '%'))) {
          Amount amount = plain(*number, at);
          amount.kind = QuantityKind::kPercent;
          amount.unit = "%";
          amount.unit_given = true;
          return finish(amount);
        }
      }
    }
    // A name with digits in it (h200, gpt-4o, rtx 5090) is one word, and none of it counts anything.
    std::size_t name = end;
    bool digits = false;
    while (name < text_.size() &&
           (is_letter(text_[name]) || is_digit(text_[name]) || text_[name] == '_' ||
            ((text_[name] == '-' || text_[name] == '.' || text_[name] == '/') && name + 1 < text_.size() &&
             (is_digit(text_[name + 1]) || (digits && is_letter(text_[name + 1])))))) {
      digits = digits || is_digit(text_[name]);
      ++name;
    }
    if (digits) {
      // PSA50%: a percentage written onto a name; no name ends in a percent sign.
      std::size_t number_end = end;
      while (number_end < text_.size() && (is_digit(text_[number_end]) || text_[number_end] == '.')) ++number_end;
      if (number_end > end && number_end < text_.size() && text_[number_end] == '%') return end;
      return name;
    }
    if (names_a_version(word) && end + 1 < text_.size() && (text_[end] == ' ' || text_[end] == '.')) {
      std::size_t number_at = end + 1;
      if (number_at < text_.size() && text_[number_at] == ' ') ++number_at;
      if (number_at < text_.size() && is_digit(text_[number_at])) {
        while (number_at < text_.size() &&
               (is_digit(text_[number_at]) || is_letter(text_[number_at]) || text_[number_at] == '.')) {
          if (text_[number_at] == '.' && !(number_at + 1 < text_.size() && is_digit(text_[number_at + 1]))) break;
          ++number_at;
        }
        return number_at;
      }
    }
    return end;
  }

  // five point five
  void worded_decimals(Numeral& number) const {
    if (number.fraction || number.scale != 1 || !starts(text_, number.end, " point ")) return;
    std::size_t cursor = number.end + 7;
    double place = 0.1;
    double value = 0;
    std::size_t end = 0;
    while (place > 1e-9 && cursor < text_.size()) {
      auto digit = numerals::read_english(text_, cursor);
      if (!digit || digit->arabic || digit->fraction || digit->units || digit->value > 9) break;
      value += digit->value * place;
      place /= 10;
      end = digit->end;
      cursor = end + 1;
    }
    if (end == 0) return;
    number.value += value;
    number.decimal = true;
    number.end = end;
  }

  // Words that a number behind them belongs to as a name.
  static bool names_a_version(std::string_view word) {
    static constexpr std::array<std::string_view, 36> kWords = {
        "rtx",    "gtx",   "iphone",  "ipad",       "windows", "ios",     "android",  "ddr",      "lpddr",
        "pcie",   "gpt",   "llama",   "claude",     "gemini",  "qwen",    "deepseek", "kimi",     "grok",
        "galaxy", "pixel", "ascend",  "snapdragon", "xeon",    "ryzen",   "epyc",     "instinct", "boeing",
        "airbus", "model", "version", "no",         "chapter", "section", "article",  "mate",     "tpu"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  }

  static std::string upper(std::string_view s) {
    std::string out(s);
    for (char& c : out) c = is_letter(c) ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
  }

  Amount plain(const Numeral& number, std::size_t begin) const {
    Amount amount;
    amount.number = number;
    amount.begin = begin;
    amount.end = number.end;
    amount.value = number.value;
    return amount;
  }

  // Whether the character of the original text behind folded byte `at` is a capital.
  bool capital(std::size_t at) const {
    const ByteSpan from = folded_.original({at, at + 1});
    if (from.begin >= original_.size()) return false;
    const auto c = static_cast<unsigned char>(original_[from.begin]);
    if (c < 0x80) return c >= 'A' && c <= 'Z';
    const CodePoint wide = decode_utf8(original_, from.begin);
    return wide.value >= 0xFF21 && wide.value <= 0xFF3A;
  }

  bool word_start(std::size_t at) const {
    return at == 0 || !(is_letter(text_[at - 1]) || is_digit(text_[at - 1]) || text_[at - 1] == '_');
  }

  // "$", "US$", "人民币" … and a number.
  std::optional<Amount> money_before(std::size_t at) {
    if (is_letter(text_[at]) && !word_start(at)) return std::nullopt;
    std::size_t end = 0;
    const Currency* currency = tables().currency_before.at(text_, at, end);
    if (currency == nullptr) return std::nullopt;
    std::size_t cursor = end;
    if (cursor < text_.size() && text_[cursor] == ':') ++cursor;
    if (cursor < text_.size() && text_[cursor] == ' ') ++cursor;
    // 人民币约30亿元: the bound stands between.
    std::optional<Comparator> bound;
    if (!is_ascii(text_[at])) {
      for (const BoundWord& word : quantity_words::kBoundsBefore) {
        if (starts(text_, cursor, word.word)) {
          bound = word.comparator;
          cursor += word.word.size();
          break;
        }
      }
    }
    bool negative = false;
    if (cursor < text_.size() && text_[cursor] == '-') {
      negative = true;
      ++cursor;
    }
    auto number = read_number(cursor);
    if (!number || number->end > limit_) return std::nullopt;
    Amount amount = plain(*number, at);
    latin_scale(amount, true);
    amount.kind = QuantityKind::kMoney;
    amount.currency = currency->code;
    amount.unit_given = true;
    amount.comparator = bound;
    // The currency may be named twice: $6.7亿美元, 人民币3亿元, $ 10 dollars.
    std::size_t behind = amount.end;
    if (behind < text_.size() && text_[behind] == ' ' && behind + 1 < text_.size() && is_letter(text_[behind + 1]))
      ++behind;
    std::size_t after_end = 0;
    if (const Currency* after = tables().currency_after.at(text_, behind, after_end);
        after != nullptr && after->word != "$") {
      const bool same = after->code == amount.currency || after->word == "元" || after->word == "圆" ||
                        (currency->word == "¥") || currency->word == "$" || after->word == "蚊" || after->word == "块";
      if (same && after->factor == 1) {
        if (currency->word == "$" || currency->word == "¥") {
          if (after->word != "元" && after->word != "块") amount.currency = after->code;
        }
        amount.end = after_end;
        small_change(amount);
      }
    } else {
      if (amount.currency == "HKD" && starts(text_, amount.end, "个"))
        amount.end += 3;  // Cantonese: 三个 is three dollars
      small_change(amount);
    }
    if (negative) amount.value = -amount.value;
    return amount;
  }

  // Number at `at`: Chinese, Arabic or mixed, or English words.
  std::optional<Numeral> read_number(std::size_t at) const {
    if (at >= text_.size()) return std::nullopt;
    if (is_letter(text_[at])) return numerals::read_english(text_, at);
    if (is_digit(text_[at])) {
      if (auto words = numerals::read_english(text_, at)) {
        auto digits = numerals::read_chinese(text_, at);
        return digits && digits->end > words->end ? digits : words;
      }
    }
    return numerals::read_chinese(text_, at);
  }

  // 20bn, 5m, 10k, 2.5 M behind the digits. In money small letters scale too.
  void latin_scale(Amount& amount, bool money) const {
    if (amount.number.words || amount.number.han) return;
    std::size_t cursor = amount.end;
    bool blank = false;
    if (cursor < text_.size() && text_[cursor] == ' ') {
      blank = true;
      ++cursor;
    }
    std::size_t end = cursor;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    const std::string_view word = text_.substr(std::min(cursor, text_.size()), end - std::min(cursor, end));
    if (word.empty() || word.size() > 3) return;
    if (end < text_.size() && (is_digit(text_[end]) || text_[end] == '/')) return;
    for (const auto& scale : quantity_words::kScales) {
      if (scale.word != word) continue;
      const bool big = capital(cursor);
      if (scale.needs_capital && !money && !big) return;
      if (scale.needs_capital && blank && !big) return;
      if (!money && (word == "mm" || word == "t" || word == "mil")) {
        if (word != "mil") return;
      }
      if (!money && word == "b" && blank) return;
      amount.value = scaled(amount.value, scale.factor);
      amount.number.scale = scale.factor;
      amount.number.units = true;
      amount.end = end;
      amount.scaled_end = end;
      return;
    }
  }

  static double scaled(double value, double factor) {
    return static_cast<double>(static_cast<long double>(value) * static_cast<long double>(factor));
  }

  // 三块二, 181圆7角, 3 dollars 50 cents, thirteen dollars forty-five: what stands behind the main unit. `amount.end`
  // is behind it.
  void small_change(Amount& amount) const {
    if (amount.kind != QuantityKind::kMoney) return;
    std::size_t cursor = amount.end;
    const std::string_view done = text_.substr(amount.begin, amount.end - amount.begin);
    if (done.ends_with("元") || done.ends_with("圆") || done.ends_with("块") || done.ends_with("蚊") ||
        done.ends_with("个")) {
      double place = 0.1;
      bool any = false;
      std::size_t end = cursor;
      while (place > 0.005) {
        CodePoint c = decode_utf8(text_, end);
        if (end >= text_.size()) break;
        std::size_t number_end = end;
        double value = -1;
        if (is_digit(text_[end])) {
          if (end + 1 < text_.size() && is_digit(text_[end + 1])) break;
          value = text_[end] - '0';
          number_end = end + 1;
        } else {
          if (c.value == U'零' && place > 0.05) {  // 三蚊零四
            place = 0.01;
            end += c.length;
            continue;
          }
          const int digit = numerals::chinese_digit(c.value);
          if (digit < 0) break;
          value = digit;
          number_end = end + c.length;
        }
        const CodePoint unit = decode_utf8(text_, number_end);
        if (number_end < text_.size() && (unit.value == U'角' || unit.value == U'毛' || unit.value == U'毫')) {
          amount.value += value * 0.1;
          end = number_end + unit.length;
          place = 0.01;
          any = true;
          continue;
        }
        if (number_end < text_.size() && (unit.value == U'分' || unit.value == U'仙')) {
          if (starts(text_, number_end, "分之") || starts(text_, number_end, "分钟")) break;
          amount.value += value * 0.01;
          end = number_end + unit.length;
          any = true;
          break;
        }
        // A bare digit: the next smaller coin, where nothing follows that it could count.
        const bool closed = number_end >= text_.size() || !is_han(unit.value);
        if (!closed || done.ends_with("元") || (number_end < text_.size() && is_digit(text_[number_end]))) break;
        amount.value += value * place;
        end = number_end;
        any = true;
        break;
      }
      if (any) {
        amount.value = std::round(amount.value * 100) / 100;
        amount.end = end;
      } else if (starts(text_, amount.end, "整")) {
        amount.end += 3;
      }
      return;
    }
    if (amount.number.scale != 1 || amount.number.decimal) return;
    const char last = done.empty() ? ' ' : done.back();
    const bool symbol_first = text_[amount.begin] == '$' || is_digit(done.back()) || last == '$';
    const bool worded = is_letter(last);
    if (!worded && !symbol_first) return;
    bool linked = false;
    if (starts(text_, cursor, " and ")) {
      cursor += 5;
      linked = true;
    } else if (cursor < text_.size() && text_[cursor] == ' ') {
      ++cursor;
    } else {
      return;
    }
    if (cursor >= text_.size() || !(is_letter(text_[cursor]) || is_digit(text_[cursor]))) return;
    auto number =
        is_digit(text_[cursor]) ? numerals::read_arabic(text_, cursor) : numerals::read_english(text_, cursor);
    if (!number || number->value <= 0 || number->value >= 100 || number->decimal || number->fraction) return;
    std::size_t end = number->end;
    if (end < text_.size() && (is_letter(text_[end]) || text_[end] == '%')) return;
    std::size_t word_end = end;
    if (word_end < text_.size() && text_[word_end] == ' ') ++word_end;
    std::size_t coin_end = 0;
    const Currency* coin = tables().currency_after.at(text_, word_end, coin_end);
    const bool cents = coin != nullptr && (coin->code == "USX" || coin->code == "GBX" || coin->word == "mao");
    if (coin != nullptr && !cents) return;
    if (cents) {
      amount.value += coin->word == "mao" ? number->value * 0.1 : number->value * 0.01;
      amount.end = coin_end;
      // five mao five
      if (coin->word == "mao" && starts(text_, coin_end, " ")) {
        auto fen = numerals::read_english(text_, coin_end + 1);
        if (fen && fen->value > 0 && fen->value < 10) {
          amount.value += fen->value * 0.01;
          amount.end = fen->end;
        }
      }
    } else {
      // Nothing may follow that the number could count instead.
      const bool open =
          word_end < text_.size() && word_end > end && (is_letter(text_[word_end]) || is_digit(text_[word_end]));
      const bool joined = starts(text_, word_end, "more") || starts(text_, word_end, "cent");
      if (starts(text_, end, " and ") && linked) {
        amount.value += number->value * 0.01;
        amount.end = end;
      } else if (text_[amount.begin] == '$' && !linked) {
        return;
      } else if (open && !joined && !starts(text_, word_end, "more,")) {
        return;
      } else {
        amount.value +=
            (text_[amount.begin] == 'c' && linked && number->value >= 10 ? number->value * 0.01 : number->value * 0.01);
        amount.end = end;
      }
    }
    amount.value = std::round(amount.value * 100) / 100;
  }

  // Gives the number its unit, percent sign or currency. False: it is no quantity (a model name, a label).
  bool with_unit(Amount& amount) {
    std::size_t cursor = amount.end;
    // 3亿多元, 30多万, 30 多人: 多 and 余 between number and unit.
    if (starts(text_, cursor, " 多") || starts(text_, cursor, " 余")) ++cursor;
    if (starts(text_, cursor, "多") || starts(text_, cursor, "余")) {
      const std::size_t behind = cursor + 3;
      std::size_t unit_end = 0;
      const bool unit_follows =
          tables().currency_after.at(text_, behind, unit_end) != nullptr || starts(text_, behind, "个百分点") ||
          tables().han_units.at(text_, behind, unit_end) != nullptr ||
          tables().counters.at(text_, behind, unit_end) != nullptr || starts(text_, behind, "%") ||
          starts(text_, behind, "万") || starts(text_, behind, "亿");
      const bool round = amount.number.units || amount.value >= 10;
      if (round && (unit_follows || behind >= text_.size() || !is_han(decode_utf8(text_, behind).value) || true) &&
          !starts(text_, cursor, "多年") && !starts(text_, cursor, "余额")) {
        amount.comparator = Comparator::kGreater;
        if (unit_follows) cursor = behind;
      }
    } else if (starts(text_, cursor, "来") && amount.number.han && amount.number.units && amount.number.value < 1000) {
      std::size_t unit_end = 0;
      if (tables().counters.at(text_, cursor + 3, unit_end) != nullptr) {
        amount.comparator = Comparator::kApproximate;
        cursor += 3;
      }
    }
    latin_scale(amount, false);
    if (amount.end > cursor) cursor = amount.end;
    std::size_t gap = cursor;
    if (gap < text_.size() && text_[gap] == ' ') ++gap;
    if (percent(amount, gap) || percent(amount, cursor)) return true;
    std::size_t end = 0;
    // 个亿: 两个亿.
    if (starts(text_, cursor, "个亿") || starts(text_, cursor, "个万")) {
      amount.value = scaled(amount.value, starts(text_, cursor, "个亿") ? 1e8 : 1e4);
      amount.number.scale = starts(text_, cursor, "个亿") ? 1e8 : 1e4;
      amount.end = cursor = gap = cursor + 6;
      amount.number.units = true;
    }
    if (const Currency* currency = tables().currency_after.at(text_, gap, end);
        currency != nullptr && is_money(amount, *currency, gap, end)) {
      amount.kind = QuantityKind::kMoney;
      amount.currency = currency->code;
      amount.value = currency->factor == 1 ? amount.value : amount.value * currency->factor;
      amount.end = end;
      amount.unit_given = true;
      // 5 USD million
      for (const auto& [word, factor] :
           {std::pair<std::string_view, double>{" million", 1e6}, {" billion", 1e9}, {" trillion", 1e12}}) {
        if (is_letter(currency->word.back()) && starts(text_, amount.end, word)) {
          amount.value = scaled(amount.value, factor);
          amount.number.scale = factor;
          amount.end += word.size();
          break;
        }
      }
      small_change(amount);
      return true;
    }
    if (starts(text_, cursor, " musd") || starts(text_, cursor, " meur") || starts(text_, cursor, " msek")) {
      amount.kind = QuantityKind::kMoney;
      amount.currency = upper(text_.substr(cursor + 2, 3));
      amount.value = scaled(amount.value, 1e6);
      amount.end = cursor + 5;
      amount.unit_given = true;
      return true;
    }
    if (multiple(amount, cursor)) return true;
    if (gap < text_.size() && (is_letter(text_[gap]) || text_[gap] == '\xC2' || text_[gap] == '\xCE' ||
                               text_[gap] == '\xE2' || text_[gap] == '\xE3')) {
      const bool attached = gap == amount.end;
      if (const std::string_view* unit = tables().latin_units.at(text_, gap, end);
          unit != nullptr && is_measure(*unit, gap, end, attached)) {
        amount.kind = QuantityKind::kMeasure;
        const ByteSpan from = folded_.original({gap, end});
        amount.unit = std::string(from.of(original_));
        amount.end = end;
        amount.unit_given = true;
        return true;
      }
      if (attached && is_letter(text_[gap]) && !amount.number.han) return false;  // 910c, 4k, 5g: a name
    }
    if (!amount.number.words) {
      if (const std::string_view* unit = tables().han_units.at(text_, gap, end);
          unit != nullptr && !starts(text_, gap, "度过") && !starts(text_, gap, "米其") &&
          !starts(text_, gap, "克里") && !starts(text_, gap, "码头") && !starts(text_, gap, "升级") &&
          !starts(text_, gap, "升至") && !starts(text_, gap, "升到")) {
        amount.kind = QuantityKind::kMeasure;
        amount.unit = *unit;
        amount.end = end;
        amount.unit_given = true;
        return true;
      }
      if (const std::string_view* counter = tables().counters.at(text_, gap, end); counter != nullptr)
        amount.unit = *counter;
    }
    return true;
  }

  bool percent(Amount& amount, std::size_t cursor) {
    struct Sign {
      std::string_view word;
      std::string_view unit;
    };
    static constexpr std::array<Sign, 22> kSigns = {{{"%", "%"},
                                                     {"‰", "‰"},
                                                     {"个百分点", "个百分点"},
                                                     {"百分点", "个百分点"},
                                                     {"个基点", "bp"},
                                                     {"基点", "bp"},
                                                     {"percentage points", "个百分点"},
                                                     {"percentage point", "个百分点"},
                                                     {"percentage-point", "个百分点"},
                                                     {"percentage", "%"},
                                                     {"percents", "%"},
                                                     {"percent", "%"},
                                                     {"per cent", "%"},
                                                     {"pct pts", "个百分点"},
                                                     {"pct", "%"},
                                                     {"ppts", "个百分点"},
                                                     {"ppt", "个百分点"},
                                                     {"pp", "个百分点"},
                                                     {"basis points", "bp"},
                                                     {"basis point", "bp"},
                                                     {"bps", "bp"},
                                                     {"bp", "bp"}}};
    if (cursor >= text_.size()) return false;
    for (const Sign& sign : kSigns) {
      if (!starts(text_, cursor, sign.word)) continue;
      const std::size_t end = cursor + sign.word.size();
      if (is_letter(sign.word.back()) && end < text_.size() && is_letter(text_[end])) continue;
      if (amount.number.about && amount.number.high) return false;
      amount.kind = QuantityKind::kPercent;
      amount.unit = sign.unit;
      amount.end = end;
      amount.unit_given = true;
      return true;
    }
    if (starts(text_, cursor, "成") && !amount.number.fraction && !amount.number.comma && amount.value <= 10 &&
        amount.value > 0) {
      static constexpr std::array<std::string_view, 24> kVerbs = {
          "成为", "成立", "成功", "成本", "成员", "成交", "成都", "成绩", "成长", "成分", "成果", "成熟",
          "成型", "成品", "成份", "成效", "成了", "成就", "成人", "成年", "成片", "成套", "成群", "成对"};
      for (const std::string_view verb : kVerbs) {
        if (starts(text_, cursor, verb)) return false;
      }
      amount.kind = QuantityKind::kPercent;
      amount.unit = "%";
      amount.value *= 10;
      amount.end = cursor + 3;
      amount.unit_given = true;
      std::size_t tail = amount.end;
      if (tail < text_.size() && text_[tail] == ' ') ++tail;
      const CodePoint digit = decode_utf8(text_, tail);
      if (tail < text_.size() && numerals::chinese_digit(digit.value) > 0 && digit.value != U'两') {  // 七成六
        const std::size_t behind = tail + digit.length;
        if (behind >= text_.size() || !is_han(decode_utf8(text_, behind).value)) {
          amount.value += numerals::chinese_digit(digit.value);
          amount.end = behind;
        }
      } else if (starts(text_, tail, "半")) {
        amount.value += 5;
        amount.end = tail + 3;
      }
      amount.value = std::round(amount.value * 1e6) / 1e6;
      return true;
    }
    if (starts(text_, cursor, "折") && !amount.number.comma && amount.value > 0 && amount.value < 100) {
      static constexpr std::array<std::string_view, 8> kVerbs = {"折叠", "折射", "折合", "折旧",
                                                                 "折算", "折价", "折扣", "折断"};
      for (const std::string_view verb : kVerbs) {
        if (starts(text_, cursor, verb)) return false;
      }
      amount.kind = QuantityKind::kPercent;
      amount.unit = "%";
      if (amount.value < 10) amount.value = std::round(amount.value * 1e7) / 1e6;
      amount.end = cursor + 3;
      amount.unit_given = true;
      return true;
    }
    return false;
  }

  // Short words that are money only where nothing else fits: 五块 (蛋糕), 三分 (之一), 五角 (大楼), 一元 (化).
  bool is_money(const Amount& amount, const Currency& currency, std::size_t at, std::size_t end) const {
    const std::string_view word = currency.word;
    const CodePoint after = decode_utf8(text_, end);
    const bool closed = end >= text_.size() || !is_han(after.value);
    if (amount.number.fraction && !amount.number.words) return false;
    if (word == "块") {
      return closed || numerals::chinese_digit(after.value) >= 0 || after.value == U'多' || after.value == U'以' ||
             after.value == U'左';
    }
    if (word == "分" || word == "毛" || word == "角" || word == "毫" || word == "仙" || word == "铢" || word == "盾" ||
        word == "镑" || word == "圆") {
      if (word == "镑" || word == "铢") return true;
      return closed || (word == "圆" && (numerals::chinese_digit(after.value) >= 0 || after.value == U'整'));
    }
    if (word == "元") {
      return !starts(text_, at, "元月") && !starts(text_, at, "元旦") && !starts(text_, at, "元宵") &&
             !starts(text_, at, "元件") && !starts(text_, at, "元化") && !starts(text_, at, "元素");
    }
    if (is_letter(word.front())) {
      if (end < text_.size() && is_digit(text_[end])) return false;  // 3 USD50: the code belongs to what follows
      // A currency code right behind a number needs no blank; "try", "won", "rand" and "marks" are also other words.
      const bool verb = word == "try" || word == "won" || word == "sterling" || word == "marks" || word == "rand" ||
                        word == "all" || word == "pound";
      if (verb) {
        if (word == "won") return amount.value >= 100 || amount.number.scale > 1;
        return word != "try";
      }
      return true;
    }
    if (word == "$") {
      // "10 $ 30 $": the sign belongs to the number before it, unless digits follow and the list began with a sign.
      const bool next_digit =
          end < text_.size() &&
          (is_digit(text_[end]) || (text_[end] == ' ' && end + 1 < text_.size() && is_digit(text_[end + 1])));
      if (!next_digit) return true;
      std::size_t probe = end + (text_[end] == ' ' ? 1U : 0U);
      while (probe < text_.size() && (is_digit(text_[probe]) || text_[probe] == '.' || text_[probe] == ',')) ++probe;
      const bool again = starts(text_, probe, " $") || starts(text_, probe, "$") || starts(text_, probe, " cent");
      return again && text_[end] == ' ';
    }
    return true;
  }

  // Whether a unit in Latin letters may be one here: one-letter units only right behind the number and in their own
  // case.
  bool is_measure(std::string_view unit, std::size_t at, std::size_t end, bool attached) const {
    if (end < text_.size() && (is_digit(text_[end]) || text_[end] == '-' || text_[end] == '_')) return false;
    if (unit.size() == 1 && is_letter(unit[0])) {
      const bool big = capital(at);
      if (unit == "w" || unit == "v") return big && (attached || true);
      if (unit == "g" || unit == "m" || unit == "t" || unit == "l") return !big && attached && unit != "t";
      return false;
    }
    if (unit == "sq") return starts(text_, end, " ft") || starts(text_, end, " feet") || starts(text_, end, " m");
    if (unit == "degrees" || unit == "feet" || unit == "miles") return true;
    return true;
  }

  bool multiple(Amount& amount, std::size_t cursor) {
    std::size_t end = cursor;
    if (starts(text_, cursor, "倍")) {
      end = cursor + 3;
    } else if (starts(text_, cursor, "x") || starts(text_, cursor, "×")) {
      end = cursor + (text_[cursor] == 'x' ? 1U : 2U);
      if (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) return false;
      if (amount.number.han) return false;
    } else if (starts(text_, cursor, "-fold") || starts(text_, cursor, " fold") || starts(text_, cursor, "fold")) {
      end = cursor + (text_[cursor] == 'f' ? 4U : 5U);
    } else if (starts(text_, cursor, " times")) {
      end = cursor + 6;
      bool compared = false;
      for (const std::string_view word :
           {" as "sv, " more"sv, " higher"sv, " larger"sv, " bigger"sv, " greater"sv, " faster"sv, " the "sv, " its "sv,
            " that"sv, " sales"sv, " earnings"sv, " revenue"sv, " oversubscribed"sv}) {
        compared = compared || starts(text_, end, word);
      }
      if (!compared) return false;
    } else {
      return false;
    }
    amount.kind = QuantityKind::kMultiple;
    amount.unit = "倍";
    amount.end = end;
    amount.unit_given = true;
    return true;
  }

  std::optional<Amount> english_multiple(std::size_t at, std::size_t end, std::string_view word) const {
    struct Verb {
      std::string_view word;
      double value;
    };
    static constexpr std::array<Verb, 16> kVerbs = {{{"doubled", 2},
                                                     {"doubling", 2},
                                                     {"doubles", 2},
                                                     {"tripled", 3},
                                                     {"tripling", 3},
                                                     {"triples", 3},
                                                     {"trebled", 3},
                                                     {"quadrupled", 4},
                                                     {"quadrupling", 4},
                                                     {"quintupled", 5},
                                                     {"twofold", 2},
                                                     {"threefold", 3},
                                                     {"fourfold", 4},
                                                     {"fivefold", 5},
                                                     {"tenfold", 10},
                                                     {"twice", 2}}};
    for (const Verb& verb : kVerbs) {
      if (verb.word != word) continue;
      if (word == "twice" && !starts(text_, end, " as") && !starts(text_, end, " the") && !starts(text_, end, " its"))
        return std::nullopt;
      Amount amount;
      amount.begin = at;
      amount.end = end;
      amount.value = verb.value;
      amount.kind = QuantityKind::kMultiple;
      amount.unit = "倍";
      amount.unit_given = true;
      return amount;
    }
    return std::nullopt;
  }

  // 1 over 3, one in twenty: a share. None where the second number counts something of its own.
  std::optional<Amount> ratio(const Amount& amount) const {
    if (amount.number.fraction || amount.number.decimal || amount.unit_given) return std::nullopt;
    for (const std::string_view link : {" over "sv, " in "sv}) {
      if (!starts(text_, amount.end, link)) continue;
      const std::size_t at = amount.end + link.size();
      auto below = read_number(at);
      if (!below || below->value <= 0 || below->fraction || below->decimal) return std::nullopt;
      if (link == " in " && (amount.value != 1 || below->value <= 2)) return std::nullopt;
      const std::size_t behind = below->end;
      const bool closed =
          behind >= text_.size() ||
          (behind < text_.size() && (text_[behind] == '.' || text_[behind] == ',' || text_[behind] == '?'));
      if (!closed && !(link == " in " && starts(text_, behind, " "))) return std::nullopt;
      if (link == " in " && !closed) {
        for (const std::string_view unit :
             {" year"sv, " month"sv, " week"sv, " day"sv, " hour"sv, " minute"sv, " box"sv}) {
          if (starts(text_, behind, unit)) return std::nullopt;
        }
      }
      Amount out = amount;
      out.value = amount.value / below->value;
      out.number.fraction = true;
      out.number.scale = 1;
      out.end = out.number.end = behind;
      return out;
    }
    return std::nullopt;
  }

  // English number words: lone "one" and the like count only where something else says so.
  std::optional<Amount> english_words(const Numeral& number) {
    Amount amount = plain(number, number.begin);
    if (amount.end > limit_) return std::nullopt;
    if (!with_unit(amount)) return std::nullopt;
    if (amount.unit_given || number.arabic) return amount;
    const std::string_view word = text_.substr(number.begin, number.end - number.begin);
    if (word == "one") {
      // A pronoun more often than a number.
      for (const std::string_view before : {"the "sv, "this "sv, "that "sv, "which "sv, "no "sv, "any "sv, "every "sv,
                                            "each "sv, "another "sv, "of "sv}) {
        if (ends(text_, number.begin, before)) return std::nullopt;
      }
      if (starts(text_, number.end, " of ") || starts(text_, number.end, " another") || starts(text_, number.end, "-"))
        return std::nullopt;
    }
    if (word == "quarter" || word == "quarters" || word == "a quarter" || word == "third" || word == "second")
      return std::nullopt;
    if (word.ends_with(" quarter") && !number.units && number.fraction &&
        (starts(text_, number.end, " of 20") || starts(text_, number.end, " results")))
      return std::nullopt;
    if (auto share = ratio(amount)) return share;
    return amount;
  }

  std::size_t arabic(std::size_t at) {
    const char c = text_[at];
    if (c == '$') {
      if (auto amount = money_before(at)) return finish(*amount);
      return at + 1;
    }
    if (c == '<' || c == '>') return at + 1;
    std::size_t begin = at;
    bool negative = false;
    std::size_t digits = at;
    if (c == '-' || c == '+') {
      const bool border = at == 0 || text_[at - 1] == ' ' || text_[at - 1] == '(' || text_[at - 1] == '=' ||
                          text_[at - 1] == ':' || text_[at - 1] == ',' ||
                          (!is_ascii(text_[at - 1]) && !numeral_before(at));
      digits = at + 1;
      // A blank behind the sign makes it a list's dash, unless the text is nothing but this number.
      if (digits < text_.size() && text_[digits] == ' ' && at == first_byte()) {
        auto whole = numerals::read_chinese(text_, digits + 1);
        if (whole && rest_is_number(whole->end)) ++digits;
      }
      if (!border || digits >= text_.size() ||
          !(is_digit(text_[digits]) ||
            (text_[digits] == '.' && digits + 1 < text_.size() && is_digit(text_[digits + 1])))) {
        if (border && c == '-' && digits < text_.size() && text_[digits] == '$') {
          if (auto amount = money_before(digits)) {
            amount->begin = at;
            amount->value = -amount->value;
            amount->number.negative = true;
            return finish(*amount);
          }
        }
        return at + 1;
      }
      negative = c == '-';
      if (c == '+') begin = digits;
    }
    if (text_[digits] == '.') {
      const bool border =
          digits == 0 || !(is_digit(text_[digits - 1]) || is_letter(text_[digits - 1]) || text_[digits - 1] == '.');
      if (!border || digits + 1 >= text_.size() || !is_digit(text_[digits + 1])) return digits + 1;
    }
    auto number = numerals::read_chinese(text_, digits);
    if (!number) return digits + 1;
    if (auto apart = spaced_discount(digits)) return finish(*apart);
    std::size_t run = number->end;
    if (number->end > limit_) return limit_ > digits ? limit_ : number->end;
    if (auto label = label_end(digits, *number)) return *label;
    // Number words go on behind digits: 2.5 million, 3 hundred and 21.
    if (!number->han) {
      if (auto words = numerals::read_english(text_, digits); words && words->end > number->end && words->end <= limit_)
        number = words;
    }
    Amount amount = plain(*number, begin);
    if (!number->words && !number->han) {
      spaced_groups(amount);
      power(amount);
      if (!number->comma) slashed(amount);
    }
    if (negative) {
      amount.value = -amount.value;
      amount.number.negative = true;
      if (amount.number.fraction) amount.value = -std::abs(amount.value);
    }
    han_fraction(amount);
    if (amount.value == 1 && starts(text_, amount.end, "半") && !starts(text_, amount.end, "半导") &&
        !starts(text_, amount.end, "半年") && !starts(text_, amount.end, "半个")) {
      amount.value = 0.5;
      amount.end += 3;
      amount.unit_given = true;
    }
    if (auto share = ratio(amount)) return finish(*share);
    if (!with_unit(amount)) {
      // Digits with letters behind them: skip the whole name.
      while (run < text_.size() &&
             (is_letter(text_[run]) || is_digit(text_[run]) ||
              ((text_[run] == '-' || text_[run] == '.') && run + 1 < text_.size() && is_digit(text_[run + 1]))))
        ++run;
      return run;
    }
    return finish(amount);
  }

  std::size_t first_byte() const { return !text_.empty() && text_[0] == ' ' ? 1 : 0; }
  // Nothing but an optional fraction stands behind a signed number.
  bool rest_is_number(std::size_t at) const {
    while (at < text_.size() && (is_digit(text_[at]) || text_[at] == ' ' || text_[at] == '/')) ++at;
    return at >= text_.size();
  }
  bool numeral_before(std::size_t at) const {
    std::size_t start = at - 1;
    while (start > 0 && (static_cast<unsigned char>(text_[start]) & 0xC0) == 0x80) --start;
    const CodePoint c = decode_utf8(text_, start);
    return numerals::chinese_digit(c.value) >= 0 || numerals::chinese_unit(c.value) > 0 || c.value == U'元' ||
           c.value == U'%';
  }

  // Digits that name something: stock codes, phone numbers, IP addresses and versions, a list's own numbers. Their end.
  std::optional<std::size_t> label_end(std::size_t at, const Numeral& number) const {
    if (number.han || number.comma) return std::nullopt;
    const std::size_t end = number.end;
    const bool after_letter = at > 0 && (is_letter(text_[at - 1]) || text_[at - 1] == '_');
    if (after_letter && !(end < text_.size() && text_[end] == '%')) return end;
    // 600519.sh, 0700.hk
    if (end + 2 < text_.size() && text_[end] == '.' && is_letter(text_[end + 1])) {
      std::size_t cursor = end + 1;
      while (cursor < text_.size() && is_letter(text_[cursor])) ++cursor;
      if (cursor - end <= 4) return cursor;
    }
    if (!number.decimal && number.digits == 6 && at > 0) {
      const bool bracket =
          text_[at - 1] == '(' && end < text_.size() && (text_[end] == ')' || text_[end] == '.' || text_[end] == ',');
      const bool code =
          ends(text_, at, "代码") || ends(text_, at, "代码:") || ends(text_, at, "代码为") || ends(text_, at, "代码: ");
      if (bracket || code) return end;
    }
    if (!number.decimal && (number.digits == 4 || number.digits == 5) && at > 0 &&
        (ends(text_, at, "代码") || ends(text_, at, "代码:") || ends(text_, at, "代码: ") || ends(text_, at, "代码为")))
      return end;
    // 192.168.1.2 and versions: more than one point
    if (number.decimal && end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1])) {
      std::size_t cursor = end;
      while (cursor + 1 < text_.size() && text_[cursor] == '.' && is_digit(text_[cursor + 1])) {
        ++cursor;
        while (cursor < text_.size() && is_digit(text_[cursor])) ++cursor;
      }
      return cursor;
    }
    // 888-000-9999: three groups joined by hyphens name something.
    if (end < text_.size() && text_[end] == '-' && !number.decimal) {
      std::size_t cursor = end;
      int groups = 1;
      while (cursor + 1 < text_.size() && text_[cursor] == '-' && is_digit(text_[cursor + 1])) {
        ++cursor;
        while (cursor < text_.size() && is_digit(text_[cursor])) ++cursor;
        ++groups;
      }
      if (groups >= 3) return cursor;
    }
    return std::nullopt;
  }

  // 7 2 折: seven-point-two tenths with blanks between.
  std::optional<Amount> spaced_discount(std::size_t at) const {
    if (at + 2 >= text_.size() || !is_digit(text_[at]) || text_[at + 1] != ' ' || !is_digit(text_[at + 2])) {
      return std::nullopt;
    }
    const std::size_t unit = at + 3 < text_.size() && text_[at + 3] == ' ' ? at + 4 : at + 3;
    if (!starts(text_, unit, "折") || starts(text_, unit, "折扣")) return std::nullopt;
    Amount amount;
    amount.begin = at;
    amount.number.begin = at;
    amount.number.end = at + 3;
    amount.end = unit + 3;
    amount.value = (text_[at] - '0') * 10 + (text_[at + 2] - '0');
    amount.kind = QuantityKind::kPercent;
    amount.unit = "%";
    amount.unit_given = true;
    return amount;
  }

  // 1 414 021 100: thousands apart by blanks.
  void spaced_groups(Amount& amount) const {
    if (amount.number.decimal || amount.number.comma || amount.number.digits > 3) return;
    std::size_t cursor = amount.end;
    double value = amount.value;
    int groups = 0;
    while (cursor + 3 < text_.size() && text_[cursor] == ' ' && is_digit(text_[cursor + 1]) &&
           is_digit(text_[cursor + 2]) && is_digit(text_[cursor + 3]) &&
           !(cursor + 4 < text_.size() &&
             (is_digit(text_[cursor + 4]) || is_letter(text_[cursor + 4]) || text_[cursor + 4] == '-'))) {
      value =
          value * 1000 + (text_[cursor + 1] - '0') * 100 + (text_[cursor + 2] - '0') * 10 + (text_[cursor + 3] - '0');
      cursor += 4;
      ++groups;
    }
    if (groups == 0 || amount.value == 0) return;
    if (cursor < text_.size() && !is_ascii(text_[cursor])) return;
    amount.value = value;
    amount.end = amount.number.end = cursor;
  }

  // 2^5, 1e10
  void power(Amount& amount) const {
    std::size_t cursor = amount.end;
    if (cursor >= text_.size()) return;
    const bool caret = text_[cursor] == '^';
    if (!caret && text_[cursor] != 'e') return;
    ++cursor;
    double sign = 1;
    if (cursor < text_.size() && (text_[cursor] == '-' || text_[cursor] == '+')) sign = text_[cursor++] == '-' ? -1 : 1;
    std::size_t end = cursor;
    double exponent = 0;
    while (end < text_.size() && is_digit(text_[end]) && end - cursor < 4)
      exponent = exponent * 10 + (text_[end++] - '0');
    if (end == cursor || (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end])))) return;
    const double value =
        caret ? std::pow(amount.value, sign * exponent) : amount.value * std::pow(10.0, sign * exponent);
    if (!std::isfinite(value)) return;
    amount.value = value;
    amount.end = amount.number.end = end;
  }

  // 3/4 and 1 3/5. Three parts are a date or a path.
  void slashed(Amount& amount) const {
    auto part = [&](std::size_t at, double& value) -> std::size_t {
      std::size_t end = at;
      value = 0;
      while (end < text_.size() && is_digit(text_[end]) && end - at < 5) value = value * 10 + (text_[end++] - '0');
      return end;
    };
    if (amount.number.decimal) return;
    std::size_t cursor = amount.end;
    double whole = 0;
    double top = amount.value;
    if (cursor < text_.size() && text_[cursor] == ' ') {
      std::size_t next = cursor + 1;
      if (next < text_.size() && text_[next] == ' ') ++next;
      const std::size_t end = part(next, top);
      if (end == next || end >= text_.size() || text_[end] != '/' || end - next > 3) return;
      whole = amount.value;
      cursor = end;
    }
    if (cursor >= text_.size() || text_[cursor] != '/') return;
    double bottom = 0;
    const std::size_t end = part(cursor + 1, bottom);
    if (end == cursor + 1 || bottom == 0 ||
        (end < text_.size() && (text_[end] == '/' || is_letter(text_[end]) || is_digit(text_[end]) ||
                                (text_[end] == '.' && end + 1 < text_.size() && is_digit(text_[end + 1])))))
      return;
    amount.value = whole + top / bottom;
    amount.number.fraction = true;
    amount.end = amount.number.end = end;
  }

  std::size_t han(std::size_t at) {
    const CodePoint c = decode_utf8(text_, at);
    switch (c.value) {
      case U'。':
      case U';':
      case U'!':
      case U'?':
        basis_ = Basis::kLevel;
        return at + c.length;
      case U'同':
      case U'环':
      case U'按':
      case U'较':
        note_basis_han(at);
        return at + c.length;
      case U'第': {
        auto number = numerals::read_chinese(text_, at + c.length);
        if (!number || number->decimal || number->end > limit_) return at + c.length;
        Amount amount = plain(*number, at);
        amount.kind = QuantityKind::kOrdinal;
        amount.unit_given = true;
        std::size_t end = 0;
        if (const std::string_view* counter = tables().counters.at(text_, amount.end, end)) amount.unit = *counter;
        return finish(amount);
      }
      case U'翻': {
        if (auto amount = han_multiple(at)) return finish(*amount);
        return at + c.length;
      }
      case U'个': {
        // 个半 (Cantonese): one and a half
        const bool apart = at == 0 || !is_han(decode_utf8(text_, at >= 3 ? at - 3 : 0).value);
        if (apart && starts(text_, at, "个半") &&
            (at + 6 >= text_.size() || !is_han(decode_utf8(text_, at + 6).value))) {
          Amount amount;
          amount.begin = at;
          amount.end = at + 6;
          amount.value = 1.5;
          amount.unit_given = true;
          return finish(amount);
        }
        return at + c.length;
      }
      case U'半': {
        // 半折, 半数, 半个
        if (starts(text_, at, "半折") || starts(text_, at, "半数") || starts(text_, at, "半个")) {
          Numeral half;
          half.begin = at;
          half.end = at + 3;
          half.value = 0.5;
          half.han = true;
          half.fraction = true;
          Amount amount = plain(half, at);
          if (starts(text_, at, "半折")) {
            amount.kind = QuantityKind::kPercent;
            amount.value = 50;
            amount.unit = "%";
            amount.end = at + 6;
          } else if (starts(text_, at, "半数")) {
            amount.kind = QuantityKind::kPercent;
            amount.value = 50;
            amount.unit = "%";
            amount.end = at + 6;
          } else {
            amount.unit = "个";
          }
          amount.unit_given = true;
          return finish(amount);
        }
        return at + c.length;
      }
      case U'负': {
        std::size_t cursor = at + c.length;
        if (cursor < text_.size() && text_[cursor] == ' ') ++cursor;
        auto number = read_number(cursor);
        if (!number || number->end > limit_) return at + c.length;
        Amount amount = plain(*number, at);
        amount.value = -amount.value;
        amount.number.negative = true;
        han_fraction(amount);
        if (!number->arabic && !number->units && number->digits == 1 && !number->decimal && !amount.number.fraction) {
          std::size_t end = 0;
          const bool counted = amount.end >= text_.size() || tables().counters.at(text_, amount.end, end) != nullptr ||
                               starts(text_, amount.end, "%");
          if (!counted) return at + c.length;
        }
        if (!with_unit(amount)) return amount.end;
        return finish(amount);
      }
      default:
        break;
    }
    if (auto share = permille(at)) return finish(*share);
    if (auto amount = money_before(at)) return finish(*amount);
    const bool starter = numerals::chinese_digit(c.value) >= 0 || numerals::chinese_unit(c.value) > 0 ||
                         c.value == U'几' || c.value == U'数' || c.value == U'廿' || c.value == U'卅' ||
                         c.value == U'卌';
    if (!starter) return at + c.length;
    auto number = numerals::read_chinese(text_, at);
    if (!number) return at + c.length;
    if (number->end > limit_) return at + c.length;
    Amount amount = plain(*number, at);
    han_fraction(amount);
    if (starts(text_, amount.end, "半") && number->digits == 1 && !number->units &&
        !starts(text_, amount.end, "半导") && !starts(text_, amount.end, "半年")) {  // 一半
      if (number->value == 1) {
        amount.value = 0.5;
        amount.number.fraction = true;
        amount.end += starts(text_, amount.end, "半半") ? 6 : 3;
        amount.unit_given = true;
      }
    } else if (starts(text_, amount.end, "个半") && !starts(text_, amount.end, "个半导") &&
               !starts(text_, amount.end, "个半月")) {
      amount.value += 0.5;
      amount.end += 6;
      amount.unit_given = true;
    } else if (starts(text_, amount.end, "打") && !starts(text_, amount.end, "打击") &&
               !starts(text_, amount.end, "打造") && !starts(text_, amount.end, "打开")) {
      amount.value *= 12;
      amount.end += 3;
      amount.unit_given = true;
    }
    if (!amount.number.fraction && !amount.unit_given) {
      if (!with_unit(amount)) return amount.end;
      if (!amount.unit_given && !stands_alone(amount)) return amount.end;
    }
    return finish(amount);
  }

  // Whether a Chinese numeral without a unit is one: single digits and pairs are parts of words more often than not.
  bool stands_alone(const Amount& amount) const {
    const Numeral& n = amount.number;
    if (n.arabic || n.decimal || n.scale > 1) return true;
    const bool whole =
        n.begin == first_byte() && (n.end >= text_.size() || (n.end + 1 == text_.size() && text_[n.end] == ' '));
    if (whole) return true;
    const CodePoint after = decode_utf8(text_, n.end);
    const bool closed = n.end >= text_.size() || !is_han(after.value);
    std::size_t before_at = n.begin;
    if (before_at > 0) {
      --before_at;
      while (before_at > 0 && (static_cast<unsigned char>(text_[before_at]) & 0xC0) == 0x80) --before_at;
    }
    const char32_t before = n.begin == 0 ? U' ' : decode_utf8(text_, before_at).value;
    const bool open_before = n.begin == 0 || !is_han(before);
    const bool counted = !amount.unit.empty();
    if (n.units) {
      if (n.digits + 0 == 0 && n.value == 10) return counted || (closed && open_before);  // 十: 十足, 十分
      return true;
    }
    if (n.digits == 1) {
      // 两百点两, 一点两小时: two numerals that 点 does not join into a decimal.
      if (after.value == U'点' && numerals::chinese_digit(decode_utf8(text_, n.end + after.length).value) > 0)
        return true;
      if (before == U'点' && before_at >= 3 &&
          (numerals::chinese_unit(decode_utf8(text_, before_at - 3).value) > 0 ||
           numerals::chinese_digit(decode_utf8(text_, before_at - 3).value) > 0))
        return true;
      if (counted) {
        // 一人 may be a word; 三名, 五家 count.
        return !(n.value == 1 &&
                 (starts(text_, n.end, "起") || starts(text_, n.end, "样") || starts(text_, n.end, "面") ||
                  starts(text_, n.end, "时") || starts(text_, n.end, "手") || starts(text_, n.end, "点") ||
                  starts(text_, n.end, "次性") || starts(text_, n.end, "级")));
      }
      const bool named = before == U'是' || before == U'为' || before == U'于' || before == U'到' || before == U'至';
      return (closed && (open_before || named)) ||
             (named && (after.value == U'却' || after.value == U'这' || after.value == U'而'));
    }
    if (n.digits == 2 && n.about) return counted;
    if (n.digits >= 3) return true;
    return closed && open_before;
  }

  // 百分之五, 千分之一, 万分之三: the denominator has no digit in front. At `at`.
  std::optional<Amount> permille(std::size_t at) {
    double denominator = 1;
    std::size_t cursor = at;
    int count = 0;
    while (cursor < text_.size()) {
      const CodePoint c = decode_utf8(text_, cursor);
      const double unit = numerals::chinese_unit(c.value);
      if (unit < 100) break;
      denominator *= unit;
      cursor += c.length;
      if (++count > 4) return std::nullopt;
    }
    if (count == 0) return std::nullopt;
    std::size_t behind = skip_parts(cursor);
    if (behind == kNone) return std::nullopt;
    bool negative = false;
    if (starts(text_, behind, "负")) {
      negative = true;
      behind += 3;
    } else if (behind < text_.size() && text_[behind] == '-') {
      negative = true;
      ++behind;
    }
    std::optional<Numeral> number = numerals::read_chinese(text_, behind, true);
    if (!number && starts(text_, behind, "百")) {
      number = Numeral{};
      number->value = 100;
      number->begin = behind;
      number->end = behind + 3;
      number->han = true;
    }
    if (!number) {
      // 百分之几, 百分之零点… are read; 百分之百 above.
      return std::nullopt;
    }
    Amount amount = plain(*number, at);
    latin_scale(amount, false);
    if (amount.end == number->end && starts(text_, amount.end, " k") &&
        !(amount.end + 2 < text_.size() && is_letter(text_[amount.end + 2]))) {
      amount.value *= 1000;
      amount.end += 2;
    }
    amount.value = amount.value * 100 / denominator;
    if (negative) amount.value = -amount.value;
    amount.kind = QuantityKind::kPercent;
    amount.unit = "%";
    amount.unit_given = true;
    return amount;
  }

  // Behind "分之", also 分 之: its end, or kNone.
  std::size_t skip_parts(std::size_t at) const {
    auto blank = [&](std::size_t i) { return i < text_.size() && text_[i] == ' ' ? i + 1 : i; };
    at = blank(at);
    if (!starts(text_, at, "分") && !starts(text_, at, "份")) return kNone;
    at = blank(at + 3);
    if (!starts(text_, at, "之")) return kNone;
    return blank(at + 3);
  }

  // 三分之一, 一又二分之一, 3又壹千分之23, 一又十分一.
  void han_fraction(Amount& amount) const {
    double whole = 0;
    bool has_whole = false;
    Numeral denominator = amount.number;
    std::size_t cursor = amount.end;
    std::size_t link = cursor;
    if (link < text_.size() && text_[link] == ' ') ++link;
    if (starts(text_, link, "又")) {
      link += 3;
      if (link < text_.size() && text_[link] == ' ') ++link;
      auto number = numerals::read_chinese(text_, link);
      if (!number) return;
      has_whole = true;
      whole = std::abs(amount.value);
      denominator = *number;
      cursor = number->end;
    }
    std::size_t behind = skip_parts(cursor);
    if (behind == kNone && has_whole && (starts(text_, cursor, "分") || starts(text_, cursor, "份")))
      behind = cursor + 3;
    if (behind == kNone && !has_whole && starts(text_, cursor, "份") && denominator.digits == 1) {
      const CodePoint c = decode_utf8(text_, cursor + 3);
      if (numerals::chinese_digit(c.value) > 0 && cursor + 3 + c.length >= text_.size()) behind = cursor + 3;
    }
    if (behind == kNone || denominator.value == 0) return;
    double sign = 1;
    if (starts(text_, behind, "负")) {
      sign = -1;
      behind += 3;
    }
    auto numerator = numerals::read_chinese(text_, behind, true);
    if (!numerator) return;
    const bool negative = amount.value < 0;
    double value = numerator->value / std::abs(denominator.value);
    value = (has_whole ? whole + value : value) * sign * (negative ? -1 : 1);
    amount.value = value;
    amount.number.fraction = true;
    amount.number.scale = 1;
    amount.end = amount.number.end = numerator->end;
    amount.unit_given = true;
  }

  // 翻倍, 翻一番, 翻了两番, 翻了两倍.
  std::optional<Amount> han_multiple(std::size_t at) const {
    Amount amount;
    amount.begin = at;
    amount.kind = QuantityKind::kMultiple;
    amount.unit = "倍";
    amount.unit_given = true;
    std::size_t cursor = at + 3;
    if (starts(text_, cursor, "了")) cursor += 3;
    if (starts(text_, cursor, "倍") || starts(text_, cursor, "番")) {
      amount.value = 2;
      amount.end = cursor + 3;
      return amount;
    }
    auto number = numerals::read_chinese(text_, cursor);
    if (!number) return std::nullopt;
    if (starts(text_, number->end, "番") && number->value >= 1 && number->value <= 20) {
      amount.value = std::pow(2.0, number->value);
      amount.end = number->end + 3;
      return amount;
    }
    if (starts(text_, number->end, "倍")) {
      amount.value = number->value;
      amount.end = number->end + 3;
      return amount;
    }
    return std::nullopt;
  }

  void note_basis_han(std::size_t at) {
    static constexpr std::array<std::pair<std::string_view, Basis>, 12> kWords = {
        {{"同比", Basis::kYearOnYear},
         {"按年", Basis::kYearOnYear},
         {"较上年同期", Basis::kYearOnYear},
         {"较去年同期", Basis::kYearOnYear},
         {"较上年", Basis::kYearOnYear},
         {"较去年", Basis::kYearOnYear},
         {"环比", Basis::kQuarterOnQuarter},
         {"按季", Basis::kQuarterOnQuarter},
         {"较上季", Basis::kQuarterOnQuarter},
         {"较上一季", Basis::kQuarterOnQuarter},
         {"按月", Basis::kMonthOnMonth},
         {"较上月", Basis::kMonthOnMonth}}};
    for (const auto& [word, basis] : kWords) {
      if (starts(text_, at, word)) {
        basis_ = basis;
        return;
      }
    }
  }
  void note_basis(std::string_view word, std::size_t at) {
    if (word == "yoy" || starts(text_, at, "year-on-year") || starts(text_, at, "year-over-year"))
      basis_ = Basis::kYearOnYear;
    if (word == "qoq" || starts(text_, at, "quarter-on-quarter") || starts(text_, at, "sequentially"))
      basis_ = Basis::kQuarterOnQuarter;
    if (word == "mom" || starts(text_, at, "month-on-month")) basis_ = Basis::kMonthOnMonth;
  }
  // English puts the basis behind: "rose 37% year on year", "up 5% qoq", "from a year earlier".
  Basis basis_behind(std::size_t at) const {
    std::size_t cursor = at;
    for (int i = 0; i < 3 && cursor < text_.size() && (text_[cursor] == ' ' || text_[cursor] == '('); ++i) ++cursor;
    static constexpr std::array<std::pair<std::string_view, Basis>, 17> kWords = {
        {{"year on year", Basis::kYearOnYear},
         {"year-on-year", Basis::kYearOnYear},
         {"year over year", Basis::kYearOnYear},
         {"year-over-year", Basis::kYearOnYear},
         {"yoy", Basis::kYearOnYear},
         {"y/y", Basis::kYearOnYear},
         {"from a year ", Basis::kYearOnYear},
         {"from the year-ago", Basis::kYearOnYear},
         {"annually", Basis::kYearOnYear},
         {"quarter on quarter", Basis::kQuarterOnQuarter},
         {"quarter-on-quarter", Basis::kQuarterOnQuarter},
         {"quarter-over-quarter", Basis::kQuarterOnQuarter},
         {"qoq", Basis::kQuarterOnQuarter},
         {"q/q", Basis::kQuarterOnQuarter},
         {"sequentially", Basis::kQuarterOnQuarter},
         {"month-on-month", Basis::kMonthOnMonth},
         {"同比", Basis::kYearOnYear}}};
    for (const auto& [word, basis] : kWords) {
      if (starts(text_, cursor, word)) {
        if (basis == Basis::kYearOnYear && word == "同比" && cursor == at)
          continue;  // 37%同比: belongs to what follows
        return basis;
      }
    }
    return Basis::kLevel;
  }

  // Range, bounds and basis; writes the quantity. Returns where to go on.
  std::size_t finish(Amount amount) {
    Quantity q;
    std::optional<double> high = amount.number.high;
    std::size_t end = amount.end;
    if (amount.kind == QuantityKind::kMoney || amount.kind == QuantityKind::kPercent) high.reset();
    // Ranges.
    if (auto upper_end = range(amount)) {
      high = upper_end->value;
      end = upper_end->end;
    }
    std::size_t begin = amount.begin;
    Comparator comparator = Comparator::kEqual;
    if (high) {
      comparator = Comparator::kRange;
    } else {
      if (amount.number.more) comparator = Comparator::kGreaterEqual;
      if (amount.number.over) comparator = Comparator::kGreater;
      if (amount.number.about) comparator = Comparator::kApproximate;
      if (amount.comparator) comparator = *amount.comparator;
    }
    const bool chinese_bounds = amount.kind != QuantityKind::kOrdinal;
    if (chinese_bounds) {
      std::size_t before = begin;
      if (before > 0 && text_[before - 1] == ' ') --before;
      std::size_t word_begin = 0;
      if (const BoundWord* bound = tables().bounds_before.before(text_, before, word_begin)) {
        if (!high) comparator = bound->comparator;
        begin = word_begin;
      } else if (const BoundWord* apart = bound_over_noun(before, word_begin)) {
        if (!high) comparator = apart->comparator;
        begin = word_begin;
      } else if (const BoundWord* english = tables().english_bounds.before(text_, before, word_begin);
                 english != nullptr && before != begin) {
        if (!high) comparator = english->comparator;
      } else if (before > 0 && (text_[before - 1] == '~' || text_[before - 1] == '>' || text_[before - 1] == '<')) {
        if (!high)
          comparator = text_[before - 1] == '~'   ? Comparator::kApproximate
                       : text_[before - 1] == '>' ? Comparator::kGreater
                                                  : Comparator::kLess;
      } else if (ends(text_, before, "≥") || ends(text_, before, "≧")) {
        comparator = Comparator::kGreaterEqual;
      } else if (ends(text_, before, "≤") || ends(text_, before, "≦")) {
        comparator = Comparator::kLessEqual;
      } else if (ends(text_, before, ">=") || ends(text_, before, "=>")) {
        comparator = Comparator::kGreaterEqual;
      }
      std::size_t after = end;
      // A counter may stand between: 30家以上.
      if (!amount.unit.empty() && !amount.unit_given && starts(text_, after, amount.unit)) after += amount.unit.size();
      std::size_t word_end = 0;
      if (const BoundWord* bound = tables().bounds_after.at(text_, after, word_end)) {
        if (!high && comparator == Comparator::kEqual) comparator = bound->comparator;
        if (after == end) end = word_end;
      } else if (starts(text_, after, " or more") || starts(text_, after, "+")) {
        if (!high && comparator == Comparator::kEqual) comparator = Comparator::kGreaterEqual;
      } else if (starts(text_, after, " or less")) {
        if (!high && comparator == Comparator::kEqual) comparator = Comparator::kLessEqual;
      }
    }
    if (money_unsaid(amount, begin, end)) amount.kind = QuantityKind::kMoney;
    q.value = amount.value;
    q.high = high;
    q.comparator = comparator;
    q.kind = amount.kind;
    q.unit = amount.unit;
    q.currency = amount.currency;
    q.basis = basis_;
    if (q.kind == QuantityKind::kOrdinal) q.basis = Basis::kLevel;
    if (const Basis behind = basis_behind(end); behind != Basis::kLevel) q.basis = behind;
    ByteSpan numeral;
    if (amount.number.end > amount.number.begin) {
      std::size_t numeral_begin = amount.number.begin;
      if (amount.number.negative && amount.kind != QuantityKind::kMoney) numeral_begin = amount.begin;
      numeral = folded_.original({numeral_begin, amount.numeral_end()});
    }
    q.span = folded_.original({begin, end});
    q.text = std::string(q.span.of(original_));
    out_.push_back(std::move(q));
    numerals_.push_back(numeral);
    return std::max(end, amount.begin + 1);
  }

  // 不超过公司总股本的2%: the base of a share stands between the bound and the number.
  const BoundWord* bound_over_noun(std::size_t end, std::size_t& word_begin) const {
    std::size_t cursor = end;
    if (ends(text_, cursor, "的")) cursor -= 3;
    bool base = false;
    for (const std::string_view noun : {"股本"sv, "股份"sv, "总数"sv, "总额"sv, "总量"sv, "资本"sv, "资产"sv, "股数"sv,
                                        "比例"sv, "总股"sv, "份额"sv}) {
      base = base || ends(text_, cursor, noun);
    }
    if (!base) return nullptr;
    for (int i = 0; i < 16 && cursor > 0; ++i) {
      if (const BoundWord* bound = tables().bounds_before.before(text_, cursor, word_begin);
          bound != nullptr && bound->word.size() > 3) {
        return bound;
      }
      if (ends(text_, cursor, "超")) {
        word_begin = cursor - 3;
        return tables().bounds_before.before(text_, cursor, word_begin);
      }
      std::size_t previous = cursor - 1;
      while (previous > 0 && (static_cast<unsigned char>(text_[previous]) & 0xC0) == 0x80) --previous;
      const char32_t c = decode_utf8(text_, previous).value;
      if (!is_han(c)) return nullptr;
      cursor = previous;
    }
    return nullptr;
  }

  // 套现45亿, 以9.47亿收购, 13亿市值: money whose currency goes without saying. `begin` and `end` are the number's.
  bool money_unsaid(const Amount& amount, std::size_t begin, std::size_t end) const {
    if (amount.kind != QuantityKind::kNumber || amount.unit_given || !amount.unit.empty() || amount.number.scale < 1e4)
      return false;
    static constexpr std::array<std::string_view, 46> kBefore = {
        "投资", "金额", "市值", "营收",   "收入", "利润", "融资", "资产",   "负债",   "债务",  "作价", "售价",
        "斥资", "出资", "耗资", "套现",   "募资", "估值", "净利", "亏损",   "贷款",   "借款",  "资金", "注资",
        "筹资", "价格", "总价", "对价",   "规模", "成本", "支出", "费用",   "罚款",   "赔偿",  "补贴", "拨款",
        "预算", "增资", "现金", "市值达", "募得", "筹得", "盈利", "销售额", "成交额", "净卖出"};
    static constexpr std::array<std::string_view, 24> kBehind = {
        "收购", "的价格", "债权", "资金", "融资", "市值", "投资",   "贷款", "借款", "现金", "补贴", "营收",
        "利润", "净利",   "债券", "入股", "拿下", "中标", "的对价", "估值", "购买", "购入", "并购", "的总价"};
    // Within a few characters before, past bounds and 达, 为, 约, 了.
    std::size_t cursor = begin;
    for (int i = 0; i < 6 && cursor > 0; ++i) {
      for (const std::string_view word : kBefore) {
        if (ends(text_, cursor, word)) return true;
      }
      std::size_t previous = cursor - 1;
      while (previous > 0 && (static_cast<unsigned char>(text_[previous]) & 0xC0) == 0x80) --previous;
      if (!is_han(decode_utf8(text_, previous).value)) break;
      cursor = previous;
    }
    for (const std::string_view word : kBehind) {
      if (starts(text_, end, word)) return true;
    }
    return false;
  }

  struct RangeEnd {
    double value;
    std::size_t end;
  };
  // 30%-40%, 120至140万, 2——3万港币, $5 to $6 billion, between 3 and 5: the upper end. The first number may take its
  // unit from it.
  std::optional<RangeEnd> range(Amount& amount) {
    if (amount.kind == QuantityKind::kOrdinal || amount.kind == QuantityKind::kMultiple) {
      if (amount.kind == QuantityKind::kOrdinal) return std::nullopt;
    }
    std::size_t cursor = amount.end;
    if (!amount.unit.empty() && !amount.unit_given && starts(text_, cursor, amount.unit)) cursor += amount.unit.size();
    if (starts(text_, cursor, "(含)")) cursor += 5;
    const std::size_t gap = cursor < text_.size() && text_[cursor] == ' ' ? cursor + 1 : cursor;
    std::size_t next = 0;
    bool dash = false;
    for (const std::string_view link : {"至"sv, "到"sv, "--"sv, "-"sv, "~"sv, "——"sv, "—"sv, "to "sv}) {
      if (!starts(text_, gap, link)) continue;
      if (link == "到" && starts(text_, gap, "到了")) break;
      next = gap + link.size();
      dash = link[0] == '-' || link[0] == '~' || link == "—" || link == "——";
      break;
    }
    if (next == 0 && starts(text_, gap, "and ") && amount_after_between(amount.begin)) next = gap + 4;
    if (next == 0 && (starts(text_, gap, "和") || starts(text_, gap, "与"))) {
      // 3和5之间
      next = gap + 3;
      Amount probe;
      if (!read_upper(next, probe) || !starts(text_, probe.end, "之间")) return std::nullopt;
    }
    if (next == 0) return std::nullopt;
    if (next < text_.size() && text_[next] == ' ') ++next;
    Amount upper_amount;
    if (!read_upper(next, upper_amount)) return std::nullopt;
    if (upper_amount.end > limit_) return std::nullopt;
    if (upper_amount.number.fraction && dash) return std::nullopt;
    if (dash && !upper_amount.unit_given && !amount.unit_given && upper_amount.unit.empty() &&
        upper_amount.number.scale == 1)
      return std::nullopt;
    const bool link_word = !dash;
    if (link_word && !upper_amount.unit_given && upper_amount.unit.empty() && !amount.unit_given &&
        upper_amount.number.scale == 1)
      return std::nullopt;
    if (amount.unit_given) {
      if (!upper_amount.unit_given && amount.kind == QuantityKind::kMoney) {
        // $5 to 6 billion, 人民币3至5亿
        if (!(text_[amount.begin] == '$' || !is_digit(text_[amount.begin]))) return std::nullopt;
        upper_amount.currency = amount.currency;
        upper_amount.kind = QuantityKind::kMoney;
      } else if (upper_amount.kind != amount.kind || upper_amount.currency != amount.currency) {
        return std::nullopt;
      } else if (amount.kind == QuantityKind::kPercent && amount.unit != upper_amount.unit) {
        return std::nullopt;
      }
    } else {
      if (!amount.unit.empty() && upper_amount.unit != amount.unit && !upper_amount.unit_given) return std::nullopt;
      if (!amount.unit.empty() && upper_amount.unit_given) return std::nullopt;
    }
    double low = amount.value;
    if (amount.number.scale == 1 && upper_amount.number.scale > 1 && !amount.number.comma &&
        amount.value < upper_amount.value / upper_amount.number.scale) {
      low = scaled(amount.value, upper_amount.number.scale);
    }
    if (!amount.unit_given && upper_amount.kind == QuantityKind::kPercent && upper_amount.unit == "%" &&
        starts(text_, upper_amount.end - 3, "成"))
      low *= 10;
    if (low >= upper_amount.value) return std::nullopt;
    amount.value = low;
    if (!amount.unit_given) {
      amount.kind = upper_amount.kind;
      amount.currency = upper_amount.currency;
      amount.unit_given = upper_amount.unit_given;
      amount.unit = upper_amount.unit;
    }
    return RangeEnd{upper_amount.value, upper_amount.end};
  }

  bool amount_after_between(std::size_t at) const {
    std::size_t before = at;
    if (before > 0 && text_[before - 1] == ' ') --before;
    return ends(text_, before, "between") || ends(text_, before, "from");
  }

  bool read_upper(std::size_t at, Amount& out) {
    if (at >= text_.size()) return false;
    if (auto share = permille(at)) {
      out = *share;
      return true;
    }
    if (auto money = money_before(at)) {
      out = *money;
      return true;
    }
    const char c = text_[at];
    if (is_ascii(c) && !is_digit(c) && !is_letter(c)) return false;
    auto number = read_number(at);
    if (!number) return false;
    out = plain(*number, at);
    return with_unit(out);
  }

  const FoldedText& folded_;
  std::string_view text_;
  std::string_view original_;
  std::vector<ByteSpan> times_;
  std::size_t limit_ = 0;  // where the next time begins: numbers do not reach into it
  Basis basis_ = Basis::kLevel;
  std::vector<Quantity> out_;
  std::vector<ByteSpan> numerals_;  // beside each of out_, the bare number in it; empty for 翻倍
};

}  // namespace

std::vector<Quantity> read_quantities(const FoldedText& text, std::string_view original) {
  return QuantityReader(text, original, times::spans(text.text())).read();
}

Figures read_figures(const FoldedText& text, std::string_view original, std::optional<Civil> reference) {
  times::Scan scan = times::scan(text, original, reference);
  Figures out{std::move(scan.times), QuantityReader(text, original, std::move(scan.places)).read()};
  for (const DurationMention& duration : scan.durations) {
    Quantity quantity;
    quantity.text = duration.text;
    quantity.span = duration.span;
    quantity.kind = QuantityKind::kDuration;
    quantity.value = duration.value;
    quantity.high = duration.high;
    quantity.comparator = duration.high ? Comparator::kRange : duration.longer ? Comparator::kGreaterEqual : Comparator::kEqual;
    quantity.unit = duration.unit;
    const auto at = std::lower_bound(out.quantities.begin(), out.quantities.end(), quantity.span.begin,
                                     [](const Quantity& each, std::size_t begin) { return each.span.begin < begin; });
    out.quantities.insert(at, std::move(quantity));
  }
  return out;
}

std::vector<Quantity> read_inner_numerals(const FoldedText& text, std::string_view original) {
  std::vector<Quantity> out;
  const std::string_view folded = text.text();
  auto add = [&](ByteSpan span, double value) {
    Quantity q;
    q.span = span;
    q.text = std::string(span.of(original));
    q.value = value;
    out.push_back(std::move(q));
  };
  const std::vector<ByteSpan> times = times::spans(folded);
  QuantityReader reader(text, original, times);
  const std::vector<Quantity> quantities = reader.read();
  for (std::size_t i = 0; i < quantities.size(); ++i) {
    const Quantity& q = quantities[i];
    const ByteSpan numeral = reader.numeral_spans()[i];
    if (q.kind == QuantityKind::kNumber || numeral.empty()) continue;
    const std::string plain = fold(numeral.of(original));
    const auto value = read_numeral(plain);
    const bool arabic = std::any_of(plain.begin(), plain.end(), [](char c) { return is_digit(c); });
    const std::string behind = fold(original.substr(numeral.end, 3));  // full width is three bytes
    const bool attached = arabic && !behind.empty() &&
                          (q.kind == QuantityKind::kMeasure || q.kind == QuantityKind::kMultiple) &&
                          is_ascii(behind[0]) && behind[0] != ' ';
    if (q.kind == QuantityKind::kMoney && !arabic && plain.size() == 3) continue;
    if (q.kind == QuantityKind::kPercent && numeral.begin == q.span.begin)
      continue;  // 22%, 九成: one word with its sign
    if (attached) continue;
    add(numeral, value ? *value : q.value);
  }
  for (const ByteSpan& span : times) {
    std::size_t at = span.begin;
    while (at < span.end) {
      const CodePoint c = decode_utf8(folded, at);
      std::optional<Numeral> number;
      if (is_digit(static_cast<char>(c.value & 0x7F)) && c.value < 0x80) {
        number = numerals::read_arabic(folded, at);
        if (number && number->end < folded.size() && is_letter(folded[number->end])) {
          at = number->end;
          continue;
        }
      } else if (c.value >= 0x80 && numerals::chinese_digit(c.value) + numerals::chinese_unit(c.value) >= 0) {
        const bool weekday =
            at >= 3 && (ends(folded, at, "周") || ends(folded, at, "星期") || ends(folded, at, "礼拜"));
        if (!weekday) number = numerals::read_chinese(folded, at);
      } else if (is_letter(static_cast<char>(c.value & 0x7F)) && c.value < 0x80) {
        const bool start = at == 0 || !is_letter(folded[at - 1]);
        if (start) number = numerals::read_english(folded, at);
        if (number && number->fraction) number.reset();
      }
      if (number && number->end <= span.end) {
        add(text.original({at, number->end}), number->value);
        at = number->end;
      } else {
        at += std::max(1U, c.length);
      }
    }
  }
  // The groups of an address or a version (10.0.0.1): three at least, which no decimal has.
  for (std::size_t at = 0; at < folded.size();) {
    if (!is_digit(folded[at])) {
      ++at;
      continue;
    }
    std::vector<ByteSpan> groups;
    std::size_t cursor = at;
    const bool in_word = at > 0 && (is_letter(folded[at - 1]) || folded[at - 1] == '.');
    while (cursor < folded.size() && is_digit(folded[cursor])) {
      const std::size_t begin = cursor;
      while (cursor < folded.size() && is_digit(folded[cursor])) ++cursor;
      groups.push_back({begin, cursor});
      if (cursor + 1 >= folded.size() || folded[cursor] != '.' || !is_digit(folded[cursor + 1])) break;
      ++cursor;
    }
    at = cursor;
    const auto in_time = [&](const ByteSpan& span) {
      return span.begin < groups.back().end && groups.front().begin < span.end;
    };
    if (groups.size() < 3 || in_word || (cursor < folded.size() && is_letter(folded[cursor])) ||
        std::any_of(times.begin(), times.end(), in_time))
      continue;
    for (const ByteSpan& group : groups)
      if (const auto number = numerals::read_arabic(folded.substr(0, group.end), group.begin))
        add(text.original(group), number->value);
  }
  std::sort(out.begin(), out.end(), [](const Quantity& a, const Quantity& b) { return a.span.begin < b.span.begin; });
  return out;
}

std::optional<double> read_numeral(std::string_view folded) {
  std::size_t at = 0;
  while (at < folded.size() && folded[at] == ' ') ++at;
  double sign = 1;
  if (starts(folded, at, "负")) {
    sign = -1;
    at += 3;
  } else if (at < folded.size() && (folded[at] == '-' || folded[at] == '+')) {
    sign = folded[at] == '-' ? -1 : 1;
    ++at;
  }
  std::optional<Numeral> number;
  if (at < folded.size() && is_letter(folded[at]))
    number = numerals::read_english(folded, at);
  else
    number = numerals::read_chinese(folded, at);
  if (!number) return std::nullopt;
  std::size_t end = number->end;
  while (end < folded.size() && folded[end] == ' ') ++end;
  if (end != folded.size()) return std::nullopt;
  return sign * number->value;
}

}  // namespace annals
