#include "engine/claim/sentence.h"

#include <algorithm>

#include "engine/base/utf8.h"
#include "engine/language/figures.h"

namespace annals {
namespace {

bool is_latin(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What a character does to the clause it stands in.
enum class Cut { kNone, kClause, kSentence };

bool closes(char32_t c) {
  return c == ')' || c == '%' || c == '"' || c == U'”' || c == U'》' || c == U'」' || c == U'』' || c == ']' || c == U'’' || c == U'】';
}
bool opens(char32_t c) { return c == '"' || c == U'“' || c == U'《' || c == U'「' || c == U'『'; }

}  // namespace

bool is_company(EntityKind kind) { return kind == EntityKind::kCompany; }
bool is_product(EntityKind kind) {
  return kind == EntityKind::kProduct || kind == EntityKind::kFamily || kind == EntityKind::kProductClass;
}

Sentence::Sentence(std::string_view original, const Lexicon& lexicon, const WordFinder& finder, std::optional<Civil> reference)
    : original_(original), folded_(original) {
  mentions_ = lexicon.mentions(folded_);
  Figures figures = read_figures(folded_, original_, reference);
  times_ = std::move(figures.times);
  quantities_ = std::move(figures.quantities);
  const auto folded_range = [&](ByteSpan span) {
    return Range{static_cast<std::uint32_t>(folded_.folded(span.begin)), static_cast<std::uint32_t>(folded_.folded(span.end))};
  };
  for (const EntityMention& mention : mentions_) {
    Name name;
    name.at = folded_range(mention.span);
    name.kind = mention.kind;
    name.entity = mention.id.empty() ? nullptr : lexicon.find(mention.id);
    name.ref = {name.entity != nullptr ? mention.id : fold(mention.text), mention.text, name.entity != nullptr};
    if (!name.at.empty()) names_.push_back(std::move(name));
  }
  for (const TimeMention& time : times_) times_at_.push_back({folded_range(time.span), &time});
  for (const Quantity& quantity : quantities_) quantities_at_.push_back({folded_range(quantity.span), &quantity});
  finder.find(text(), words_);
  find_model_names();
  grow_names(lexicon);
  // How old a product is ("a chip of two years ago": 两年前的H20) is no time at which anything happens.
  std::erase_if(times_at_, [&](const TimeAt& time) {
    constexpr std::string_view kOf = "的";
    const auto behind = static_cast<std::uint32_t>(time.at.end + kOf.size());
    return text(time.at).ends_with("前") && text().substr(time.at.end).starts_with(kOf) &&
           std::any_of(names_.begin(), names_.end(), [&](const Name& name) { return name.at.begin == behind && is_product(name.kind); });
  });
  cut_clauses();
}

// Model names that the lexicon lacks: Latin letters and digits in one word (C600, MTT-S80, TPU v7) that are neither a time nor a
// quantity. A Latin word before or after that is short and has no vowel belongs to it (GTX 1080, MI355 X).
void Sentence::find_model_names() {
  const std::string_view all = text();
  std::vector<Name> found;
  std::uint32_t at = 0;
  while (at < all.size()) {
    // An address is no text: what looks like a model in it is none.
    if (all.substr(at).starts_with("http://") || all.substr(at).starts_with("https://") || all.substr(at).starts_with("www.")) {
      while (at < all.size() && all[at] > ' ' && all[at] != ')' && static_cast<unsigned char>(all[at]) < 0x80) ++at;
      continue;
    }
    if (!is_latin(all[at]) && !is_digit(all[at])) {
      ++at;
      continue;
    }
    const std::uint32_t begin = at;
    bool letters = false;
    bool digits = false;
    bool letter_first = is_latin(all[at]);
    while (at < all.size() && (is_latin(all[at]) || is_digit(all[at]) || (all[at] == '-' && at + 1 < all.size() && is_digit(all[at + 1]) && letters))) {
      letters |= is_latin(all[at]);
      digits |= is_digit(all[at]);
      ++at;
    }
    std::uint32_t end = at;
    // A bare number belongs to no model unless letters come first.
    if (!(letters && digits) || end - begin > 12 || end - begin < 2) continue;
    if (!letter_first && !(end < all.size() && static_cast<unsigned char>(all[end]) >= 0x80)) continue;
    const Range range{begin, end};
    const auto taken = [&](const auto& list) {
      return std::any_of(list.begin(), list.end(), [&](const auto& item) { return item.at.touches(range); });
    };
    if (taken(names_) || taken(times_at_) || taken(quantities_at_)) continue;
    // 4999x1995x1865mm: measures of a box.
    const std::string_view word = all.substr(begin, end - begin);
    if (letter_first && word[0] == 'x' && word.size() >= 4 && std::all_of(word.begin() + 1, word.begin() + 4, is_digit)) continue;
    // Quarters, halves and fiscal years are no models.
    if ((all[begin] == 'q' || all[begin] == 'h' || all[begin] == 'k') && end - begin == 2) continue;
    if (letter_first && all[begin] == 'v' && end - begin <= 3) continue;  // a version, no model
    if (word.size() == 4 && word.substr(0, 2) == "ip" && is_digit(word[2]) && is_digit(word[3])) continue;  // IP54: a grade of protection
    if (all.substr(begin, 2) == "fy" || all.substr(begin, 3) == "fp8" || all.substr(begin, 2) == "fp" || all.substr(begin, 3) == "int") continue;
    Name name;
    name.at = range;
    name.kind = EntityKind::kProduct;
    name.ref = {std::string(all.substr(begin, end - begin)), original_text(range), false};
    found.push_back(std::move(name));
  }
  if (found.empty()) return;
  names_.insert(names_.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  std::sort(names_.begin(), names_.end(), [](const Name& a, const Name& b) { return a.at < b.at; });
}

// A model is named by more than one word: Pixel 11 Pro, Find X9s Pro, Steam Deck 2. What the lexicon lacks, and brands that stand for
// many products, take the words in Latin letters and digits beside them; chips and memory are named in full there.
void Sentence::grow_names(const Lexicon& lexicon) {
  const std::string_view all = text();
  const auto is_word = [](char c) { return is_latin(c) || is_digit(c) || c == '+' || c == '.' || c == '-'; };
  const auto capital = [&](std::uint32_t at) {
    const ByteSpan place = original_span({at, at + 1});
    return place.begin < original_.size() && ((original_[place.begin] >= 'A' && original_[place.begin] <= 'Z') || is_digit(original_[place.begin]));
  };
  const auto stop_word = [&](Range word) {
    static constexpr std::string_view kStops[] = {"gpu", "cpu", "tpu", "npu", "soc", "ai", "ev", "suv", "mpv", "gb", "tb", "ip", "vs", "a", "the", "in", "on", "for", "and", "of", "to", "with", "is", "has", "will"};
    return std::find(std::begin(kStops), std::end(kStops), text(word)) != std::end(kStops);
  };
  // A series takes a number (骁龙 6, 酷睿 Ultra 7); a model that has its own takes only what such numbers are followed by (骁龙 8 Elite Gen 6).
  const auto model_number = [&](Range word, EntityKind kind) {
    const std::string_view one = text(word);
    if (kind == EntityKind::kFamily) return is_digit(one.front());
    return one == "gen" || one == "plus" || one == "pro" || one == "max" || one == "super" || one == "ti";
  };
  // 广汽丰田: two firms' names without anything between are a third's.
  for (std::size_t i = 0; i + 1 < names_.size();) {
    // Longer ones stand in a list that lost its commas.
    if (is_company(names_[i].kind) && is_company(names_[i + 1].kind) && names_[i].at.end == names_[i + 1].at.begin && names_[i].at.size() <= 9 && names_[i + 1].at.size() <= 9 && names_[i].ref.id != names_[i + 1].ref.id && static_cast<unsigned char>(all[names_[i].at.end - 1]) >= 0x80 &&
        static_cast<unsigned char>(all[names_[i].at.end]) >= 0x80) {
      names_[i].at.end = names_[i + 1].at.end;
      names_[i].entity = nullptr;
      names_[i].ref = {std::string(text(names_[i].at)), original_text(names_[i].at), false};
      names_.erase(names_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    } else {
      ++i;
    }
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    Name& name = names_[i];
    const bool brand = name.entity != nullptr && name.kind == EntityKind::kProduct && !name.entity->tagged("chip") && !name.entity->tagged("memory");
    // 骁龙 6 Gen 3, 酷睿 Ultra 7 251HX: a series and the numbers that tell its models apart, where the lexicon knows the series alone.
    const bool numbered = name.entity != nullptr && !brand && (name.kind == EntityKind::kFamily || name.kind == EntityKind::kProduct);
    if (!numbered && (name.kind != EntityKind::kProduct || static_cast<unsigned char>(all[name.at.end - 1]) >= 0x80)) continue;
    const auto free = [&](Range word) {
      for (std::size_t j = 0; j < names_.size(); ++j)
        if (j != i && names_[j].at.touches(word) && (names_[j].entity != nullptr || names_[j].kind != EntityKind::kProduct)) return false;
      for (const TimeAt& time : times_at_)
        if (time.at.touches(word)) return false;
      for (const QuantityAt& quantity : quantities_at_)
        if (quantity.at.touches(word) && (quantity.quantity->kind != QuantityKind::kNumber || quantity.at.end > word.end || !quantity.quantity->unit.empty())) return false;
      return true;
    };
    Range at = name.at;
    for (int words = 0; words < 3; ++words) {
      std::uint32_t begin = at.end;
      if (begin + 1 < all.size() && all[begin] == ' ') ++begin;
      std::uint32_t end = begin;
      while (end < all.size() && is_word(all[end])) ++end;
      while (end > begin && (all[end - 1] == '.' || all[end - 1] == '-')) --end;
      const Range word{begin, end};
      if (word.empty() || end - begin > 14 || !capital(begin) || stop_word(word) || !free(word)) break;
      if (numbered && words == 0 && !model_number(word, name.kind)) break;
      // In English sentences only what models are told apart by.
      if (begin > at.end && end < all.size() && all[end] == ' ' && end + 1 < all.size() && is_latin(all[end + 1]) && !capital(end + 1) && is_latin(all[begin]) && end - begin > 5) break;
      at.end = end;
    }
    if (name.entity == nullptr)
      for (int words = 0; words < 2; ++words) {
        std::uint32_t end = at.begin;
        if (end == 0) break;
        const bool attached = all[end - 1] == '-';
        if (all[end - 1] == ' ' || attached) --end;
        else break;
        std::uint32_t begin = end;
        while (begin > 0 && (is_latin(all[begin - 1]) || is_digit(all[begin - 1]))) --begin;
        const Range word{begin, end};
        if (word.size() < 2 || word.size() > 12 || !is_latin(all[begin]) || !capital(begin) || stop_word(word) || !free(word)) break;
        // The first word of an English sentence is a capital by its place.
        if (!attached && (begin == 0 || (begin >= 2 && all[begin - 2] == '.'))) break;
        at.begin = begin;
      }
    if (at == name.at) continue;
    // 锐龙 7 9800X3D: what follows is the model, known by itself.
    if (numbered && std::any_of(names_.begin(), names_.end(), [&](const Name& next) { return next.entity != nullptr && is_product(next.kind) && next.at.begin >= at.end && next.at.begin <= at.end + 1; })) continue;
    name.at = at;
    // A model of a known series is made by whoever makes the series, and has what it has.
    if (!numbered) name.entity = nullptr;
    name.kind = EntityKind::kProduct;
    name.ref = {std::string(text(at)), original_text(at), false};
    if (numbered) {
      // 华为昇腾950: the maker's name is no part of the model's, which the lexicon may know.
      Range model = at;
      for (std::uint32_t end = at.begin; end < at.end && end - at.begin <= 18;) {
        end += decode_utf8(all, end).length;
        if (const Entity* maker = lexicon.by_name(original_text({at.begin, end})); maker != nullptr && is_company(maker->kind)) model.begin = end;
      }
      while (model.begin < model.end && all[model.begin] == ' ') ++model.begin;
      name.ref = {std::string(text(model)), original_text(model), false};
      if (const Entity* known = lexicon.by_name(name.ref.text); known != nullptr && is_product(known->kind)) {
        name.entity = known;
        name.kind = known->kind;
        name.ref = {known->id, original_text(at), true};
      }
    }
    // Models that were found as names of their own are part of this one now.
    const auto swallowed = [at](const Name& other) { return other.at.touches(at) && other.at != at; };
    const auto before = std::count_if(names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(i), swallowed);
    names_.erase(std::remove_if(names_.begin(), names_.end(), swallowed), names_.end());
    i -= static_cast<std::size_t>(before);
  }
}

void Sentence::cut_clauses() {
  const std::string_view all = text();
  std::uint32_t begin = 0;
  std::uint32_t sentence = 0;
  int depth = 0;
  std::size_t han = 0;
  std::size_t latin = 0;
  char32_t before = 0;
  const auto close = [&](std::uint32_t end, std::uint32_t next, bool sentence_ends) {
    if (end > begin) clauses_.push_back({{begin, end}, sentence});
    begin = next;
    if (sentence_ends) ++sentence;
  };
  for (std::uint32_t at = 0; at < all.size();) {
    const CodePoint here = decode_utf8(all, at);
    const std::uint32_t next = at + here.length;
    const char32_t c = here.value;
    const char32_t after = next < all.size() ? decode_utf8(all, next).value : 0;
    han += is_han(c);
    latin += c < 0x80 && is_latin(static_cast<char>(c));
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') depth = std::max(0, depth - 1);
    Cut cut = Cut::kNone;
    switch (c) {
      case U'。': case U'！': case U'？': case '!': case '?': case U';': case U'；': case '\n': case U'…':
        cut = Cut::kSentence;
        depth = 0;
        break;
      case ',': case U'，':
        if (depth == 0 && !(before < 0x80 && is_digit(static_cast<char>(before)) && after < 0x80 && is_digit(static_cast<char>(after)))) cut = Cut::kClause;
        // July 31, 2025 is one time.
        if (cut == Cut::kClause && std::any_of(times_at_.begin(), times_at_.end(), [&](const TimeAt& time) { return time.at.begin < at && at + 1 < time.at.end; })) cut = Cut::kNone;
        break;
      case ':': case U'：':
        if (depth == 0 && !(before < 0x80 && is_digit(static_cast<char>(before)))) cut = Cut::kClause;
        break;
      case '.':
        // The end of an English sentence inside a bullet: a blank follows, and what precedes is no initial and no abbreviation.
        if (after == ' ' && at >= 3 && depth == 0) {
          const bool word = (is_latin(all[at - 1]) && is_latin(all[at - 2]) && is_latin(all[at - 3])) || is_digit(all[at - 1]) || closes(before);
          const std::string_view tail = all.substr(at - 3, 3);
          const bool abbreviation = tail == "inc" || tail == "ltd" || tail == "orp" || tail == "sen" || tail == "gov" || tail == "rep" || tail == " no";
          // Feb. 25 is one time.
          const bool in_time = std::any_of(times_at_.begin(), times_at_.end(), [&](const TimeAt& time) { return time.at.begin < at && at + 1 < time.at.end; });
          if (word && !abbreviation && !in_time) cut = Cut::kSentence;
        }
        break;
      case ' ':
        // A blank between Han characters stands for a comma; blanks beside Latin words and numbers do not.
        if (depth == 0 && (is_han(before) || closes(before)) && (is_han(after) || opens(after)) && !(closes(before) && !is_han(after) && !opens(after)))
          cut = Cut::kClause;
        if (cut == Cut::kNone && depth == 0 && is_han(before) && after == '-') cut = Cut::kClause;
        break;
      default: break;
    }
    if (cut != Cut::kNone) close(at, next, cut == Cut::kSentence);
    before = c;
    at = next;
  }
  close(static_cast<std::uint32_t>(all.size()), static_cast<std::uint32_t>(all.size()), false);
  if (clauses_.empty()) clauses_.push_back({{0, static_cast<std::uint32_t>(all.size())}, 0});
  english_ = latin > 0 && han * 4 < latin;
}

std::size_t Sentence::clause_at(std::uint32_t at) const {
  const auto after = std::upper_bound(clauses_.begin(), clauses_.end(), at, [](std::uint32_t place, const Clause& clause) { return place < clause.at.begin; });
  return after == clauses_.begin() ? 0 : static_cast<std::size_t>(after - clauses_.begin()) - 1;
}

Range Sentence::sentence_range(std::uint32_t at) const {
  std::size_t first = clause_at(at);
  std::size_t last = first;
  while (first > 0 && clauses_[first - 1].sentence == clauses_[last].sentence) --first;
  while (last + 1 < clauses_.size() && clauses_[last + 1].sentence == clauses_[first].sentence) ++last;
  return {clauses_[first].at.begin, clauses_[last].at.end};
}

bool Sentence::is_question(std::uint32_t at) const {
  // Only the clause that ends in the mark asks; what it hangs on may be told as fact.
  const Clause& clause = clauses_[clause_at(at)];
  const std::string_view rest = text().substr(clause.at.end);
  return rest.starts_with("?") || rest.starts_with("？");
}

bool Sentence::joined(Range left, Range right) const {
  if (left.begin > right.begin) std::swap(left, right);
  std::uint32_t at = left.end;
  bool linked = false;
  while (at < right.begin) {
    const CodePoint here = decode_utf8(text(), at);
    if (here.value == ' ' || here.value == '(' || here.value == ')' || here.value == '-') {
      at += here.length;
      continue;
    }
    // B200/B300: both.
    if (here.value == '/') {
      at += here.length;
      linked = true;
      continue;
    }
    bool skipped = false;
    for (const WordHit& hit : words(Layer::kFrame)) {
      if (hit.begin == at && (is(hit, FrameCue::kAnd) || is(hit, FrameCue::kOf) || is(hit, FrameCue::kIts) || is(hit, FrameCue::kMakers))) {
        linked |= is(hit, FrameCue::kAnd);
        at = hit.end;
        skipped = true;
        break;
      }
    }
    if (skipped) continue;
    for (const Name& name : names_) {
      if (name.at.begin == at && name.at.end <= right.begin) {
        at = name.at.end;
        skipped = true;
        break;
      }
    }
    if (skipped) continue;
    static constexpr std::string_view kFillers[] = {"芯片", "晶片", "系列", "架构", "等", "产品", "gpu", "chip", "chips", "'s", "the", "processors", "最新", "更先进", "即将面世", "即将推出", "下一代", "更领先"};
    for (const std::string_view filler : kFillers) {
      if (text().substr(at).starts_with(filler)) {
        at += static_cast<std::uint32_t>(filler.size());
        skipped = true;
        break;
      }
    }
    if (!skipped) return false;
  }
  return linked;
}

}  // namespace annals
