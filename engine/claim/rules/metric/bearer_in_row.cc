#include <algorithm>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/claim/rules/metric/bearer.h"
#include "engine/claim/rules/metric/names.h"
#include "engine/claim/rules/metric/phrases.h"
#include "engine/claim/rules/metric/words.h"

namespace annals::metric {

std::optional<Subject> bearer_in_row(const Figure& figure, const Measured& what) {
  const Scene& scene = figure.scene;
  const Sentence& sentence = figure.sentence;
  const auto& quantities = sentence.quantities_at();
  const Run row = run_of(sentence, figure.index);
  const std::size_t count = row.count();
  const std::uint32_t numbers = quantities[row.first].at.begin;
  if (count < 2 || count > 12) return std::nullopt;
  const Bearer bearer = what.measure != nullptr ? what.measure->bearer : Bearer::kAny;
  const std::size_t own = sentence.clause_at(numbers);
  for (std::size_t back = 0; back < 2 && back <= own; ++back) {
    const Range in{sentence.clauses()[own - back].at.begin,
                   back == 0 ? numbers : sentence.clauses()[own - back].at.end};
    if (back == 1 && near(scene, figure.clause, {Word::kEach}) == nullptr &&
        sentence.text(figure.clause).find("分别") == std::string_view::npos)
      break;
    if (sentence.clauses()[own - back].sentence != sentence.clauses()[own].sentence) break;
    // Known names that stand side by side.
    std::vector<const Name*> run;
    for (const Name& name : sentence.names()) {
      if (!in.covers(name.at) || !stands_for_itself(name.kind)) continue;
      if (!run.empty() && !sentence.joined(run.back()->at, name.at)) {
        if (run.size() == count) break;
        run.clear();
      }
      run.push_back(&name);
    }
    if (run.size() == count) return subject_of_name(*run[figure.index - row.first]);
    // Names that the lexicon lacks, in a list that 是 or 为 opens.
    if (back == 0) continue;
    std::uint32_t begin = in.begin;
    for (const std::string_view opener : {"分别是", "分别为", "依次为", "包括", "是", "为"})
      if (const std::size_t place = sentence.text(in).rfind(opener); place != std::string_view::npos) {
        begin = in.begin + static_cast<std::uint32_t>(place + opener.size());
        break;
      }
    std::vector<Range> pieces;
    std::uint32_t piece = begin;
    for (std::uint32_t i = begin; i < in.end;) {
      const CodePoint c = decode_utf8(sentence.text(), i);
      if (c.value == U'、' || c.value == U'和' || c.value == U'及' || c.value == U'与') {
        pieces.push_back({piece, i});
        piece = i + c.length;
      }
      i += c.length;
    }
    pieces.push_back({piece, in.end});
    if (pieces.size() != count) continue;
    const bool nouns = std::all_of(pieces.begin(), pieces.end(), [&](Range each) {
      return is_noun_phrase(sentence, each) && count_code_points(sentence.text(each)) <= 10;
    });
    if (!nouns || bearer == Bearer::kThing) continue;
    const Range at = pieces[figure.index - row.first];
    return as_written_in(sentence, at, EntityKind::kOther);
  }
  return std::nullopt;
}

bool told_together(std::string_view words) {
  static constexpr std::string_view kTogether[] = {"合计", "合共", "共计", "总计", "总和", "一共", "共", "之间", "相比", "差距", "合作", "联合", "联手", "合资",
                                                   "together", "combined", "between", "jointly", "in total"};
  return holds_any(words, kTogether);
}

namespace {

// 甲型、乙型、丙型电池片价格为A: those that stand before a bearer that the lexicon lacks. Of sums nobody can say that each has it.
std::vector<Subject> listed_alike(const Figure& figure, const Reading& reading) {
  const Sentence& sentence = figure.sentence;
  const Measured& what = reading.what;
  if (what.measure == nullptr || sentence.english() || !figure.clause.covers(reading.subject->at)) return {};
  if (what.measure->bearer != Bearer::kThing && (what.measure->takes & kTakesPercent) == 0) return {};
  const std::string_view lead = sentence.text({figure.clause.begin, reading.subject->at.begin});
  if (!lead.ends_with("、") || told_together(sentence.text({figure.clause.begin, figure.at.begin}))) return {};
  std::vector<Subject> alike;
  std::uint32_t piece = figure.clause.begin;
  for (std::uint32_t i = figure.clause.begin; i < reading.subject->at.begin;) {
    const CodePoint c = decode_utf8(sentence.text(), i);
    if (c.value == U'、') {
      const Range range = trimmed(sentence, {piece, i});
      const bool model = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) { return name.at == range; });
      const std::size_t length = range.empty() ? 0 : count_code_points(sentence.text(range));
      if (length < 2 || length > 12 || (!model && !is_noun_phrase(sentence, range))) return {};
      alike.push_back(as_written_in(sentence, range, reading.subject->kind));
      piece = i + c.length;
    }
    i += c.length;
  }
  return alike;
}

}  // namespace

std::vector<Subject> bearers_alike(const Figure& figure, const Reading& reading) {
  const Sentence& sentence = figure.sentence;
  const Subject& bearer = *reading.subject;
  if (reading.paired || reading.what.is_act() || run_of(sentence, figure.index).count() > 1) return {};
  const auto& names = sentence.names();
  const auto own = std::find_if(names.begin(), names.end(), [&](const Name& name) { return name.at == bearer.at; });
  if (own == names.end() || own->entity == nullptr) return listed_alike(figure, reading);
  std::vector<Subject> alike;
  std::uint32_t end = bearer.at.end;
  bool slash = false;
  for (const Name& name : names) {
    if (name.entity == nullptr || name.at == bearer.at || name.at.end > figure.at.begin || name.ref.id == bearer.ref.id) continue;
    if (is_company(name.kind) != is_company(bearer.kind) || is_product(name.kind) != is_product(bearer.kind)) continue;
    if (!stands_for_itself(name.kind) || !sentence.joined(name.at, bearer.at)) continue;
    if (in_aside(sentence, name.at, figure.at) || compared(figure.scene, name, sentence.clause_range(name.at.begin))) continue;
    const Range gap{std::min(name.at.end, bearer.at.end), std::max(name.at.begin, bearer.at.begin)};
    slash |= sentence.text(gap) == "/";
    end = std::max(end, name.at.end);
    alike.push_back(subject_of_name(name));
  }
  if (alike.empty()) return {};
  const std::string_view words = sentence.text({end, figure.at.begin});
  if (told_together(words)) return {};
  static constexpr std::string_view kEach[] = {"均", "都", "各", "皆", "同为", "等企业", "等公司", "等厂商", "等品牌", "等机构", " each", " both"};
  const bool sheet = reading.what.measure != nullptr ? reading.what.measure->bearer == Bearer::kThing : reading.by == ReadBy::kUnit;
  // 甲与乙同一架构，但性能是乙的两倍: so many times another is told of one.
  const bool here = figure.clause.covers(bearer.at) && !is_times(figure.quantity);
  if (!(here && (slash || sheet)) && !holds_any(words, kEach)) return {};
  return alike;
}

}  // namespace annals::metric
