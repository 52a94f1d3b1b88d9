#include "engine/audit/contradictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <tuple>

#include "engine/language/fold.h"

namespace annals {
namespace {

constexpr double kApproximately = 0.1;
// One name over more years than that is two generations: two dates of it are two events.
constexpr auto kGeneration = std::chrono::hours(24 * 365 * 3);
constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool taken_back(const Assertion& row) { return row.standing == Standing::kWithdrawn || row.standing == Standing::kRetracted || row.standing == Standing::kRejected; }

// Half a unit of the last digit that the shortest text of the number has; whole numbers that end in zeros may have been rounded
// there: 15,800 is 15,750 to 15,850, and a single digit before the zeros stands for itself.
double half_unit(double value) {
  const std::string text = fmt::format("{:e}", value);
  const std::string shortest = fmt::format("{}", value);
  std::string digits;
  for (const char c : shortest.substr(0, shortest.find('e')))
    if (c >= '0' && c <= '9') digits += c;
  digits.erase(0, digits.find_first_not_of('0') == std::string::npos ? digits.size() : digits.find_first_not_of('0'));
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  if (digits.size() < 2) return 0;
  const int exponent = std::stoi(text.substr(text.find('e') + 1));
  return 0.5 * std::pow(10.0, exponent - static_cast<int>(digits.size()) + 1);
}

struct Span {
  Instant from{};
  Instant to{};
};
// The time that a claim names, as instants of its article's zone.
std::optional<Span> when_of_row(const Assertion& row, const Zone& zone) {
  if (!row.claim || !row.claim->when || !row.claim->when->from || !row.claim->when->to) return std::nullopt;
  const Zone own = zone_of(row, zone);
  return Span{own.earliest(*row.claim->when->from), own.latest(*row.claim->when->to)};
}

// Steps that a product or a company reaches once. The others come again: another round of questions, another shipment, a new date.
bool once(std::string_view stage) {
  static constexpr std::array<std::string_view, 9> kOnce{"announced", "taped_out", "mass_production", "launched", "accepted", "approved", "registered", "listed", "subscription"};
  return std::find(kOnce.begin(), kOnce.end(), stage) != kOnce.end();
}

const EntityRef* subject_of(const Claim& claim) {
  for (const std::string_view slot : {"product", "company", "entity"})
    if (const EntityRef* entity = claim.entity(slot)) return entity;
  return nullptr;
}

// Known, and one thing: what is said of a class of things is said of some of them.
bool one_thing(const Claim& claim, const Lexicon& lexicon) {
  const EntityRef* subject = subject_of(claim);
  if (subject == nullptr || !subject->known) return false;
  const Entity* known = lexicon.find(subject->id);
  return known == nullptr || known->kind != EntityKind::kProductClass;
}

bool ends_with_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.ends_with(word); });
}
bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Whether a word with a capital or a digit comes next, as in "Nova 5 Pro" behind "Nova 5": another name. What kind of thing it is may.
bool names_go_on(std::string_view after) {
  const auto upper = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  std::size_t end = 0;
  while (end < after.size() && (upper(after[end]) || lower(after[end]))) ++end;
  const std::string_view word = after.substr(0, end);
  if (word == "AI" || word == "GPU" || word == "GPUs") return false;
  return std::any_of(word.begin(), word.end(), upper);
}

// Whether the words speak of the very product and not of another of its line: the name has a number (a line of products is launched
// again and again), nothing that makes another name stands beside it (Nova 5 Pro, Nova 5 case), and no edition of it is spoken of.
bool very_product(const Assertion& row) {
  static constexpr std::array<std::string_view, 17> kBefore{"新一代", "下一代", "上一代", "新世代", "全新", "新款", "新版", "焕新版", "改款", "升级版", "老款", "new", "next-generation", "refreshed", "updated", "upgraded", "older"};
  static constexpr std::array<std::string_view, 10> kAfter{"版", "系列", "款", "代", "家族", "平台", "series", "family", "edition", "generation"};
  const EntityRef* product = row.claim->entity("product");
  if (product == nullptr || product->id.find_first_of("0123456789") == std::string::npos) return false;
  const std::size_t at = row.quote.find(product->text);
  if (at == std::string::npos || product->text.empty()) return false;
  if (names_go_on(trimmed(std::string_view(row.quote).substr(at + product->text.size())))) return false;
  const std::string before = fold(trimmed(std::string_view(row.quote).substr(0, at)));
  const std::string after = fold(trimmed(std::string_view(row.quote).substr(at + product->text.size())));
  // A generation is named before the name or the brand in front of it (全新一代甲牌乙), an edition within some four characters behind it
  // (旅行版, 标准系列).
  return !contains_any(std::string_view(before).substr(before.size() - std::min<std::size_t>(before.size(), 24)), kBefore) && !contains_any(std::string_view(after).substr(0, std::min<std::size_t>(after.size(), 12)), kAfter);
}

// What has risen or fallen to a figure of a day has it at an hour of that day, and another at the next (a toll, a price, a count).
bool of_an_hour(const Assertion& row) {
  static constexpr std::array<std::string_view, 30> kCameTo{"增至",   "增到",   "增加至", "增加到", "升至",    "升到",     "上升至",    "上升到",     "攀升至",  "涨至",
                                                            "涨到",   "上涨至", "上涨到", "降至",   "降到",    "下降至",   "下降到",    "跌至",       "跌到",    "下跌至",
                                                            "减至",   "减少至", "减少到", "回落至", "rose to", "risen to", "climbed to", "increased to", "fell to", "dropped to"};
  return row.claim->when && row.claim->when->grain <= Grain::kDay && contains_any(fold(row.quote), kCameTo);
}

// A maker is not who stands beside it as a partner or a customer: 与甲联合验证, 向乙交付, with X, to Y.
std::string maker_of(const Assertion& row) {
  static constexpr std::array<std::string_view, 15> kPartner{"与", "和", "同", "跟", "向", "给", "为", "对", "获", "被", "with", "to", "for", "by", "from"};
  const EntityRef* vendor = row.claim->entity("vendor");
  if (vendor == nullptr) return "";
  const std::string words = fold(row.quote);
  const std::size_t at = words.find(fold(vendor->text));
  if (at != std::string::npos && ends_with_any(trimmed(std::string_view(words).substr(0, at)), kPartner)) return "";
  return vendor->id;
}

bool same_article(const Assertion& a, const Assertion& b) { return a.note == b.note && a.article.ordinal == b.article.ordinal; }

// Different makers make different things. One that is not named is, within an article, the one that the article speaks of.
bool same_maker(const Assertion& a, const Assertion& b) {
  const std::string x = maker_of(a);
  const std::string y = maker_of(b);
  return x == y || (same_article(a, b) && (x.empty() || y.empty()));
}

std::string_view venue_of(const Claim& claim) {
  const EntityRef* venue = claim.entity("venue");
  return venue == nullptr ? std::string_view() : std::string_view(venue->id);
}

// What a multiple is a multiple of: the one other thing that its words name.
std::string compared_with(const Assertion& row, const Lexicon& lexicon) {
  const EntityRef* subject = subject_of(*row.claim);
  std::string out(fold(row.claim->text("scope")));
  for (const std::string& id : row.named) {
    const Entity* known = lexicon.find(id);
    if ((subject != nullptr && id == subject->id) || known == nullptr || (known->kind != EntityKind::kProduct && known->kind != EntityKind::kFamily)) continue;
    if (!out.empty()) return "";
    out = id;
  }
  return out;
}

double middle(const Amount& amount) { return (amount.value + amount.high.value_or(amount.value)) / 2; }

// Figures of one thing differ by what was counted wrong, late or otherwise, hardly by more than double; or a unit was mistaken and the
// digits stayed. What lies further apart is of a part and the whole, whatever the words say.
bool of_one_measure(const Amount& a, const Amount& b) {
  const double x = std::abs(middle(a));
  const double y = std::abs(middle(b));
  if (x == 0 || y == 0) return false;
  const double ratio = std::max(x, y) / std::min(x, y);
  if (ratio <= 2) return true;
  const double power = std::log10(ratio);
  return std::abs(power - std::round(power)) < 1e-9;
}

class Finder {
 public:
  Finder(const AuditAnswer& answer, const Lexicon& lexicon, const Zone& zone) : rows_(answer.rows), lexicon_(lexicon), zone_(zone) {}

  std::vector<Contradiction> run() {
    std::map<AssertionPlace, std::size_t> at;
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> by_subject;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      at[rows_[i].place] = i;
      if (rows_[i].claim && rows_[i].known_from) by_subject[{rows_[i].type, rows_[i].subject}].push_back(i);
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      for (const AssertionPlace& place : rows_[i].against) {
        const auto other = at.find(place);
        if (other != at.end() && i < other->second && rows_[other->second].claim && rows_[i].claim) opposed(i, other->second);
      }
    }
    read_figures();
    for (const auto& [subject, list] : by_subject) {
      for (std::size_t x = 0; x < list.size(); ++x) {
        for (std::size_t y = x + 1; y < list.size(); ++y) {
          const Claim& a = *rows_[list[x]].claim;
          const Claim& b = *rows_[list[y]].claim;
          if (a.modality == Modality::kConditional || b.modality == Modality::kConditional || a.modality == Modality::kDenied || b.modality == Modality::kDenied) continue;
          if (a.type == ClaimType::kMetric) figures(list[x], list[y]);
          else if (a.type == ClaimType::kProductMilestone || a.type == ClaimType::kIpoMilestone) stages(list[x], list[y]);
        }
      }
    }
    std::vector<Contradiction> out;
    for (auto& [what, found] : found_) {
      for (ContradictionSide* side : {&found.one, &found.other}) {
        std::sort(side->rows.begin(), side->rows.end());
        side->rows.erase(std::unique(side->rows.begin(), side->rows.end()), side->rows.end());
      }
      const auto first = [&](const ContradictionSide& side) { return rows_[side.rows.front()].known_from.value_or(kInstantMax); };
      if (first(found.other) < first(found.one)) std::swap(found.one, found.other);
      found.found = std::max(first(found.one), first(found.other));
      settle(found);
      out.push_back(std::move(found));
    }
    std::stable_sort(out.begin(), out.end(), [](const Contradiction& a, const Contradiction& b) { return std::tie(a.found, a.subject) < std::tie(b.found, b.subject); });
    return out;
  }

 private:
  void add(ContradictionKind kind, const std::string& slot, std::size_t a, const std::string& a_value, std::size_t b, const std::string& b_value, const std::string& because) {
    const bool swapped = b_value < a_value;
    const auto& [low, high] = std::minmax(a_value, b_value);
    Contradiction& found = found_[{kind, rows_[a].type, rows_[a].subject, slot, low, high}];
    found.kind = kind;
    found.type = rows_[a].type;
    found.subject = rows_[a].subject;
    found.slot = slot;
    if (found.because.empty()) found.because = because;
    found.one.value = low;
    found.other.value = high;
    found.one.rows.push_back(swapped ? b : a);
    found.other.rows.push_back(swapped ? a : b);
  }

  void opposed(std::size_t a, std::size_t b) {
    // A sentence does not contradict itself; its second half says of what the first is not true.
    if (rows_[a].place.position == rows_[b].place.position) return;
    if (rows_[a].claim->type == ClaimType::kProductMilestone &&
        (!very_product(rows_[a]) || !very_product(rows_[b]) || !same_maker(rows_[a], rows_[b]) || (rows_[a].claim->aspect == Aspect::kTarget) != (rows_[b].claim->aspect == Aspect::kTarget)))
      return;
    const bool denial = (rows_[a].modality == Modality::kDenied) != (rows_[b].modality == Modality::kDenied);
    add(denial ? ContradictionKind::kDenial : ContradictionKind::kRule, "value", a, rows_[a].says, b, rows_[b].says,
        denial ? "one side says it, the other that it is not so" : "both cannot be in force at one time");
  }

  void stages(std::size_t a, std::size_t b) {
    const Claim& x = *rows_[a].claim;
    const Claim& y = *rows_[b].claim;
    const std::string stage(x.text("stage"));
    if (stage != y.text("stage") || !once(stage) || rows_[a].place.position == rows_[b].place.position) return;
    if (!one_thing(x, lexicon_) || venue_of(x) != venue_of(y)) return;
    if (x.type == ClaimType::kProductMilestone && (!very_product(rows_[a]) || !very_product(rows_[b]) || !same_maker(rows_[a], rows_[b]))) return;
    const auto when_x = when_of_row(rows_[a], zone_);
    const auto when_y = when_of_row(rows_[b], zone_);
    const bool ahead_x = x.aspect == Aspect::kTarget;
    const bool ahead_y = y.aspect == Aspect::kTarget;
    if (!ahead_x && !ahead_y) {
      if (!when_x || !when_y || (when_x->from < when_y->to && when_y->from < when_x->to)) return;
      if (std::max(when_x->from, when_y->from) - std::min(when_x->to, when_y->to) > kGeneration) return;
      add(ContradictionKind::kDate, "stage " + stage, a, x.when->iso, b, y.when->iso, "a step that is reached once, dated to times that have no moment in common");
      return;
    }
    if (ahead_x == ahead_y) return;
    const std::size_t done = ahead_x ? b : a;
    const std::size_t ahead = ahead_x ? a : b;
    const auto due = ahead_x ? when_x : when_y;
    const auto reached = ahead_x ? when_y : when_x;
    // Whoever plans it speaks when the other side holds it reached already, or later.
    const Instant done_known = *rows_[done].known_from;
    const Instant ahead_known = *rows_[ahead].known_from;
    if (!due || ahead_known < done_known || due->from <= ahead_known) return;
    if (reached && reached->from > done_known) return;
    const std::string done_value = reached ? "reached in " + rows_[done].claim->when->iso : "reached already";
    add(ContradictionKind::kCourse, "stage " + stage, done, done_value, ahead, "expected for " + rows_[ahead].claim->when->iso,
        "reached already, and expected for later by somebody who speaks no earlier");
  }

  // What is counted, as far as the reading tells: of one article it has one value, or the reading does not tell all.
  std::string measure(std::size_t row) const {
    const Claim& claim = *rows_[row].claim;
    std::string out;
    for (const std::string_view slot : {"metric", "scope", "basis", "period"}) out += fold(claim.text(slot)) + "\n";
    return out + rows_[row].subject + "\n" + claim.amount("value")->unit;
  }

  void read_figures() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i].claim || rows_[i].claim->type != ClaimType::kMetric || rows_[i].claim->amount("value") == nullptr || rows_[i].claim->text("kind") != "actual") continue;
      std::set<double>& values = values_[{rows_[i].note, rows_[i].article.ordinal, measure(i)}];
      values.insert(rows_[i].claim->amount("value")->value);
    }
  }

  void figures(std::size_t a, std::size_t b) {
    const Claim& x = *rows_[a].claim;
    const Claim& y = *rows_[b].claim;
    const Amount* p = x.amount("value");
    const Amount* q = y.amount("value");
    if (p == nullptr || q == nullptr || measure(a) != measure(b) || rows_[a].place.position == rows_[b].place.position || !one_thing(x, lexicon_)) return;
    const bool multiple = p->unit == "倍" && x.text("basis") == "level";
    if (multiple) {
      // A multiple of one thing by another is a matter of what both are, at any time.
      if (const std::string what = compared_with(rows_[a], lexicon_); what.empty() || what != compared_with(rows_[b], lexicon_)) return;
    } else {
      // Expectations of the future may differ, and so may figures of different times.
      if (x.text("period").empty() || x.text("kind") != "actual" || y.text("kind") != "actual" || same_article(rows_[a], rows_[b])) return;
      if (of_an_hour(rows_[a]) || of_an_hour(rows_[b])) return;
      for (const std::size_t row : {a, b})
        if (values_[{rows_[row].note, rows_[row].article.ordinal, measure(row)}].size() > 1) return;
    }
    const Possible left = possible(*p);
    const Possible right = possible(*q);
    if ((left.low <= right.high && right.low <= left.high) || !of_one_measure(*p, *q)) return;
    add(ContradictionKind::kFigure, "value", a, rows_[a].says, b, rows_[b].says, multiple ? "two multiples of one thing by another that have no value in common" : "two figures of one measure that have no value in common");
  }

  void settle(Contradiction& found) const {
    const auto all_back = [&](const ContradictionSide& side) {
      return std::all_of(side.rows.begin(), side.rows.end(), [&](std::size_t i) { return taken_back(rows_[i]); });
    };
    const auto accepted = [&](const ContradictionSide& side) {
      return std::any_of(side.rows.begin(), side.rows.end(), [&](std::size_t i) { return rows_[i].standing == Standing::kAccepted; });
    };
    const auto by = [&](const ContradictionSide& side) {
      for (const std::size_t i : side.rows)
        if (taken_back(rows_[i]) || rows_[i].standing == Standing::kAccepted) found.settled_by.insert(found.settled_by.end(), rows_[i].changed_by.begin(), rows_[i].changed_by.end());
      std::sort(found.settled_by.begin(), found.settled_by.end());
      found.settled_by.erase(std::unique(found.settled_by.begin(), found.settled_by.end()), found.settled_by.end());
    };
    for (const auto& [side, other] : {std::pair(&found.one, &found.other), std::pair(&found.other, &found.one)}) {
      if (all_back(*side)) {
        found.settled = fmt::format("'{}' was taken back", side->value);
        by(*side);
        return;
      }
      if (accepted(*side) && !accepted(*other)) {
        found.settled = fmt::format("'{}' was accepted by a review", side->value);
        by(*side);
        return;
      }
    }
  }

  const std::vector<Assertion>& rows_;
  const Lexicon& lexicon_;
  const Zone& zone_;
  std::map<std::tuple<Digest, std::uint32_t, std::string>, std::set<double>> values_;
  std::map<std::tuple<ContradictionKind, std::string, std::string, std::string, std::string, std::string>, Contradiction> found_;
};

}  // namespace

std::string_view contradiction_kind_name(ContradictionKind kind) {
  switch (kind) {
    case ContradictionKind::kRule: return "rule";
    case ContradictionKind::kDenial: return "denial";
    case ContradictionKind::kDate: return "date";
    case ContradictionKind::kCourse: return "course";
    case ContradictionKind::kFigure: return "figure";
  }
  return "";
}

Possible possible(const Amount& amount) {
  const double high = amount.high.value_or(amount.value);
  const double below = half_unit(amount.value);
  const double above = half_unit(high);
  switch (amount.comparator) {
    case Comparator::kLess:
    case Comparator::kLessEqual: return {-kInfinity, high + above};
    case Comparator::kGreater:
    case Comparator::kGreaterEqual: return {amount.value - below, kInfinity};
    case Comparator::kApproximate: return {amount.value - std::abs(amount.value) * kApproximately, high + std::abs(high) * kApproximately};
    case Comparator::kEqual:
    case Comparator::kRange: return {amount.value - below, high + above};
  }
  return {amount.value, high};
}

std::vector<Contradiction> contradictions(const AuditAnswer& answer, const Lexicon& lexicon, const Zone& zone) { return Finder(answer, lexicon, zone).run(); }

}  // namespace annals
