// Figures that a fixed turn of the language tells, without a word for the measure beside them.

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/readers.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {
namespace {

const Measure* price_of_anything() {
  static const Measure* const kPrice = [] {
    const auto all = measures();
    const auto found = std::find_if(all.begin(), all.end(), [](const Measure& each) {
      return each.name == "price" && each.bearer == Bearer::kAny && each.entity.empty();
    });
    return found == all.end() ? nullptr : &*found;
  }();
  return kPrice;
}

// "$200 billion of bonds will mature next week", "$3bn in convertible notes comes due".
std::optional<Reading> matures_in_english(const Figure& figure) {
  const Sentence& sentence = figure.sentence;
  const std::string_view behind = sentence.text({figure.at.end, figure.clause.end});
  if (!behind.starts_with(" of ") && !behind.starts_with(" in ")) return std::nullopt;
  const std::uint32_t begin = figure.at.end + 4;
  std::size_t end = std::string_view::npos;
  for (const std::string_view due : {" will mature", " matures", " mature ", " maturing", " falls due", " fall due", " comes due", " come due", " will expire", " expires"})
    end = std::min(end, behind.find(due));
  if (end == std::string_view::npos || end <= 4 || end > 44) return std::nullopt;
  const Range what{begin, figure.at.end + static_cast<std::uint32_t>(end)};
  Measured found;
  found.name = "maturing";
  for (const Name& name : sentence.names())
    if (name.at == what) return Reading{found, subject_of_name(name)};
  return Reading{found, as_written_in(sentence, what, EntityKind::kOther)};
}

}  // namespace

std::optional<Reading> matures(const Figure& figure, const Memory&) {
  const Sentence& sentence = figure.sentence;
  if (figure.quantity.kind != QuantityKind::kMoney) return std::nullopt;
  if (sentence.english()) return matures_in_english(figure);
  const std::size_t due = sentence.text({figure.at.end, figure.clause.end}).find("到期");
  if (due == std::string_view::npos) return std::nullopt;
  Range what{figure.at.end, figure.at.end + static_cast<std::uint32_t>(due)};
  for (const TimeAt& time : sentence.times_at())
    if (what.covers(time.at)) what.end = std::min(what.end, time.at.begin);
  for (bool moved = true; moved && !what.empty();) {
    moved = false;
    for (const std::string_view tail : {" ", "将于", "将在", "将", "于", "在", "陆续", "集中", "今日", "即将"})
      if (sentence.text(what).ends_with(tail)) what.end -= static_cast<std::uint32_t>(tail.size()), moved = true;
    for (const std::string_view head : {" ", "的"})
      if (sentence.text(what).starts_with(head)) what.begin += static_cast<std::uint32_t>(head.size()), moved = true;
  }
  const std::size_t length = what.empty() ? 0 : count_code_points(sentence.text(what));
  if (length < 2 || length > 12) return std::nullopt;
  Measured found;
  found.name = "maturing";
  for (const Name& name : sentence.names())
    if (name.at == what) return Reading{found, subject_of_name(name)};
  if (!is_noun_phrase(sentence, what)) return std::nullopt;
  return Reading{found, as_written_in(sentence, what, EntityKind::kOther)};
}

std::optional<Reading> market_worth(const Figure& figure, const Memory&) {
  const Sentence& sentence = figure.sentence;
  if (figure.quantity.kind != QuantityKind::kMoney || sentence.english()) return std::nullopt;
  if (sentence.text({figure.at.end, figure.clause.end}) != "的市场") return std::nullopt;
  const std::string_view lead = sentence.text({figure.clause.begin, figure.at.begin});
  for (const std::string_view worth : {"规模", "价值", "规模达", "规模约", "规模高达", "价值达", "价值约"})
    if (const std::size_t place = lead.rfind(worth); place != std::string_view::npos && place + worth.size() == lead.size()) {
      Measured found;
      found.name = "market_size";
      found.word = Range{figure.clause.begin + static_cast<std::uint32_t>(place), figure.at.begin};
      return Reading{found};
    }
  return std::nullopt;
}

std::optional<Reading> price_verb(const Figure& figure, const Memory&) {
  const Sentence& sentence = figure.sentence;
  if (figure.quantity.kind != QuantityKind::kPercent || price_of_anything() == nullptr) return std::nullopt;
  static constexpr std::string_view kVerbs[] = {"涨价", "提价", "加价", "降价"};
  for (const WordHit& hit : figure.scene.words()) {
    if (!one_of(hit, {Word::kRise, Word::kFall}) || hit.begin < figure.clause.begin || hit.end > figure.at.begin) continue;
    const std::string_view verb = sentence.text(range_of(hit));
    if (std::find(std::begin(kVerbs), std::end(kVerbs), verb) == std::end(kVerbs)) continue;
    if (leftover(figure.scene, {hit.end, figure.at.begin}, false) > 0) continue;
    Measured found;
    found.word = range_of(hit);
    found.measure = price_of_anything();
    found.name = found.measure->name;
    found.change = true;
    found.falls = is(hit, Word::kFall);
    return Reading{found};
  }
  return std::nullopt;
}

}  // namespace annals::metric
