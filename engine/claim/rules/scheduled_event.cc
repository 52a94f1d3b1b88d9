#include "engine/claim/rules/scheduled_event.h"

#include <algorithm>
#include <array>

#include "engine/base/utf8.h"

namespace annals {
namespace {

enum class Word : Sense {
  kNone,
  kHappens,   // 公布, 举行, 施行: what is to be done, or to begin
  kDue,       // 到期, 解禁, 生效期: said in data form, without 将
  kPeriod,    // 期限, 建设期: a span is what is told
  kResults,   // 财报: of companies
  kInclude,   // 包括: items follow
  kNoPlan,    // words after which a date is no event
};

constexpr WordRow row(Word word, std::string_view words) { return {static_cast<Sense>(word), words}; }

constexpr auto kWords = std::to_array<WordRow>({
    row(Word::kNone, "启动以来|实施以来|开通以来|发行以来|启用以来|发射过程|发射场|发布中|启动仪式|开始于|举行地|取消了|展期间|展期內|展期内|发布会|发布者|发布博文|发布文章|发布视频|发布消息|发布声明|发布微博|发布推文|公布的|发布的|上线的|自财报发布|发布以来|运行速率|运行时间|运行情况|启动子|公开发行|发行价|发行市值|发行人|上市公司|到期收益率|结束了|会议纪要发布后|实施例|实施方案|实施细则|启动资金|会议议案|持有人会议|"
                     "财报季|业绩季|财报发布|财报电话|launch event|release notes|report that|reports that|meeting minutes"),
    row(Word::kHappens, "公布|发布|举行|召开|举办|施行|实施|生效|上线|投产|投入运营|投入使用|开幕|闭幕|登场|披露|揭晓|兑付|开工|动工|奠基|竣工|完工|建成|落成|封顶|并网|通车|开通|启用|复牌|停牌|发行|除权|除息|派息|分红|开始|启动|结束|部署|租用|审议|表决|宣判|开庭|大选|投票|关门|停摆|加征|征收|"
                        "访问|访华|会晤|会见|出席|交割|完成交割|首映|开播|开售|路演|发射|交付使用|取消|暂停|恢复|转让|换届|卸任|就任|上任|盈亏平衡|"
                        "hold|host|release|publish|announce|unveil|report|take effect|takes effect|come into force|comes into force|begin|begins|start|starts|open|opens|close|closes|launch|launches|convene|meet|meets|vote|visit|expire|expires|"
                        "go into operation|come online|goes live|go live|end|ends|resume|impose|break even|testify"),
    row(Word::kDue, "财报周|业绩周|到期|限售股解禁|解禁|到期规模|付息|除权日|股权登记日|申报截止|截止|到期日|任期结束|高峰期|缴款|due|maturing|matures|expiry|deadline|scheduled for|set for|slated for|effective"),
    row(Word::kPeriod, "期限|建设期|试生产期限|试生产期|冻结期限|有效期|任期|展期|公示期|窗口期为|period runs|runs from|period from"),
    row(Word::kResults, "财报|业绩|季报|年报|业绩报告|季度业绩|earnings|results|quarterly results|financial results"),
    row(Word::kInclude, "包括|涵盖|including|such as"),
});

bool one_of(const WordHit& hit, std::initializer_list<Word> words) {
  return std::any_of(words.begin(), words.end(), [&](Word word) { return is(hit, word); });
}

class ScheduledEvent final : public Rule {
 public:
  ClaimType type() const override { return ClaimType::kScheduledEvent; }
  std::span<const WordRow> words() const override { return kWords; }

  void read(const Scene& scene, std::vector<Draft>& out) const override {
    if (!scene.article.published || scene.title) return;
    const Sentence& sentence = scene.sentence;
    std::size_t read_clause = static_cast<std::size_t>(-1);
    for (const WordHit& hit : scene.words()) {
      if (is(hit, Word::kInclude) || is(hit, Word::kNone)) continue;
      const std::size_t index = sentence.clause_at(hit.begin);
      const Range clause = sentence.clauses()[index].at;
      if (index == read_clause || sentence.is_question(hit.begin)) continue;
      // "By the end of June": nothing ends.
      if (is(hit, Word::kHappens) && std::any_of(sentence.times_at().begin(), sentence.times_at().end(), [&](const TimeAt& time) { return time.at.covers(range_of(hit)); })) continue;
      Stance stance = stance_of(scene, range_of(hit));
      // Called off after it is named: 加征的关税不再实施, 已取消.
      static constexpr std::string_view kOff[] = {"不再", "取消", "叫停", "作罢", "暂缓", "called off", "no longer", "cancelled", "canceled", "postponed"};
      const std::string_view after = sentence.text({hit.end, clause.end});
      const bool off = std::any_of(std::begin(kOff), std::end(kOff), [&](std::string_view word) { return after.find(word) != std::string_view::npos; });
      if (off) stance.denied = true;
      if (stance.condition || stance.question) continue;
      // What was to be (原定), and what is only presupposed (正式实施的6月1日), is news where it is called off, else another word's.
      if (!off && (sentence.text(clause).find("原定") != std::string_view::npos || after.starts_with("的"))) continue;
      // 在4月15日举办的活动中: where something else happens.
      if (sentence.text(clause).ends_with("中") || sentence.text(clause).ends_with("上")) continue;
      const auto when = ahead(scene, hit, clause, stance);
      if (!when) continue;
      const bool data = one_of(hit, {Word::kDue, Word::kPeriod});
      // 今日截止下午2时仍未更新: up to when it is so, nothing that falls due.
      if (sentence.text(range_of(hit)) == "截止" && (sentence.text(clause).find("仍") != std::string_view::npos || sentence.text(clause).find("尚") != std::string_view::npos)) continue;
      // 期限 and 截止 are appointments only with their time beside them.
      if (data && !sentence.english() && std::none_of(sentence.times_at().begin(), sentence.times_at().end(), [&](const TimeAt& time) { return clause.covers(time.at) && distance(time.at, hit) <= 45; })) continue;
      const bool told = stance.will || stance.planned || stance.forecast || data || when->second;
      if (!told) continue;
      if (stance.negated && !stance.will && !stance.planned) continue;  // "not yet published" is no appointment
      if (is(hit, Word::kResults) && near(scene, clause, {Word::kHappens}) != nullptr) continue;  // read at its verb
      if (is(hit, Word::kResults) && !stance.will && !stance.planned && !when->second) continue;
      if (figures_only(scene, clause, hit)) continue;
      emit(scene, hit, clause, stance, when->first, out);
      read_clause = index;
    }
  }

 private:
  static const WordHit* near(const Scene& scene, Range in, std::initializer_list<Word> words) {
    for (const WordHit& hit : scene.words())
      if (in.covers(range_of(hit)) && one_of(hit, words)) return &hit;
    return nullptr;
  }

  // A time that is not over yet, in the clause; else one that opens the sentence; else, in an article about a coming span, that.
  // `second`: the time itself makes a schedule of it (施行 on a day, a span that the title sets).
  static std::optional<std::pair<When, bool>> ahead(const Scene& scene, const WordHit& hit, Range clause, const Stance& stance) {
    const Civil today = date::floor<date::days>(*scene.article.published);
    const TimeAt* best = nullptr;
    for (const TimeAt& time : scene.sentence.times_at()) {
      if (!clause.covers(time.at) || !has_date(*time.time) || time.time->iso.empty() || is_number_of_a_name(scene.sentence, time)) continue;
      if (time.time->fiscal || !time.time->from) {
        if (!(time.time->to && *time.time->to > today)) continue;
      } else {
        const bool over = time.time->to && *time.time->to <= today;
        if (over) continue;
        // A span around today ("this year", since March) is a schedule only for what is planned.
        if (*time.time->from < today && !(is(hit, Word::kPeriod)) && !(stance.will || stance.planned || stance.forecast)) continue;
      }
      // A day before a quarter: "third-quarter results on November 26".
      const auto cost = [&](const TimeAt& each) { return distance(each.at, hit) + (each.time->grain > Grain::kWeek ? 60U : 0U); };
      if (best == nullptr || cost(time) < cost(*best)) best = &time;
    }
    if (best == nullptr) {
      const TimeAt* governing = time_of(scene, range_of(hit));
      if (governing != nullptr && governing->time->from && *governing->time->from >= today && (stance.will || stance.planned || one_of(hit, {Word::kDue}))) best = governing;
    }
    if (best != nullptr) {
      When when = claim_when(*best->time, ClaimType::kScheduledEvent);
      const bool later = when.from && *when.from >= today + std::chrono::hours(24);
      const bool exact = (later || one_of(hit, {Word::kDue})) && when.to && *when.to - *when.from <= std::chrono::hours(24 * 8);
      return std::pair{when, exact};
    }
    // 随后, 同日: at the time of the clause before.
    if (stance.will || stance.planned) {
      static constexpr std::string_view kThen[] = {"随后", "同日", "当日", "当天", "届时", "then ", "the same day"};
      const std::string_view lead = scene.sentence.text(clause);
      if (std::any_of(std::begin(kThen), std::end(kThen), [&](std::string_view then) { return lead.find(then) != std::string_view::npos; })) {
        const TimeAt* last = nullptr;
        for (const TimeAt& time : scene.sentence.times_at())
          if (time.at.end <= clause.begin && has_date(*time.time) && time.time->from && *time.time->from >= today) last = &time;
        if (last != nullptr) return std::pair{claim_when(*last->time, ClaimType::kScheduledEvent), true};
      }
    }
    if (scene.article.title_time && (stance.will || stance.planned || one_of(hit, {Word::kDue, Word::kResults}))) return std::pair{when_of(*scene.article.title_time), true};
    return std::nullopt;
  }
  static std::uint32_t distance(Range at, const WordHit& hit) {
    return at.end <= hit.begin ? hit.begin - at.end : at.begin >= hit.end ? 20 + at.begin - hit.end : 0;
  }

  // 阿耳忒弥斯2号, 力箭一号: the number of a craft, no day.
  static bool is_number_of_a_name(const Sentence& sentence, const TimeAt& time) {
    const std::string_view text = sentence.text(time.at);
    if (!text.ends_with("号") || text.find("月") != std::string_view::npos) return false;
    std::string_view before = sentence.text().substr(0, time.at.begin);
    while (before.ends_with(" ")) before.remove_suffix(1);
    if (before.size() < 3) return false;
    const CodePoint last = decode_utf8(before, before.size() - 3);
    static constexpr std::u32string_view kBeforeDays = U"于在到至从自是将定为由截前后起本当下个，。、；：（今明周月";
    return last.length == 3 && is_han(last.value) && kBeforeDays.find(last.value) == std::u32string_view::npos;
  }

  // Forecast figures ("revenue will reach 3bn in 2026") are metrics, not events.
  static bool figures_only(const Scene& scene, Range clause, const WordHit& hit) {
    const std::string_view words = scene.sentence.text(clause);
    if (words.find("概率") != std::string_view::npos || words.find("probability") != std::string_view::npos)
      for (const QuantityAt& quantity : scene.sentence.quantities_at())
        if (clause.covers(quantity.at) && quantity.quantity->kind == QuantityKind::kPercent) return true;
    if (one_of(hit, {Word::kDue, Word::kPeriod, Word::kHappens}) && scene.sentence.text(range_of(hit)) != "开始" && scene.sentence.text(range_of(hit)) != "start") {
      return false;
    }
    for (const QuantityAt& quantity : scene.sentence.quantities_at())
      if (clause.covers(quantity.at) && quantity.at.begin > hit.end) return true;
    return false;
  }

  static Range trimmed(const Sentence& sentence, Range range) {
    static constexpr std::string_view kHeads[] = {" ", "将", "的", "了", "在", "于", "“", "”", "：", ":", ",", "the ", "its ", "a ", "an ", "and "};
    static constexpr std::string_view kTails[] = {" ", ".", "等数据", "等", "。", "，", ",", "[", "；", "将", "的", "于", "在", " on", " in", " by", "计划", "拟", "预计", "也"};
    for (bool moved = true; moved && !range.empty();) {
      moved = false;
      for (const std::string_view head : kHeads)
        // A quotation mark goes with its other one.
        if (range.size() > head.size() && sentence.text(range).starts_with(head) && !(head == "“" && sentence.text(range).find("”") != std::string_view::npos))
          range.begin += static_cast<std::uint32_t>(head.size()), moved = true;
      for (const std::string_view tail : kTails)
        if (range.size() > tail.size() && sentence.text(range).ends_with(tail)) range.end -= static_cast<std::uint32_t>(tail.size()), moved = true;
      for (const TimeAt& time : sentence.times_at()) {
        if (time.at.covers(range)) return {range.end, range.end};
        if (time.at.begin <= range.begin && range.begin < time.at.end && time.at.end < range.end) range.begin = time.at.end, moved = true;
        if (time.at.end >= range.end && time.at.begin > range.begin && time.at.begin < range.end) range.end = time.at.begin, moved = true;
      }
    }
    return range;
  }

  // Items of a list in `in`: at 、 and, where the rest is short, 和.
  static std::vector<Range> items(const Sentence& sentence, Range in) {
    std::vector<Range> found;
    std::uint32_t begin = in.begin;
    int depth = 0;
    for (std::uint32_t at = in.begin; at < in.end;) {
      const CodePoint c = decode_utf8(sentence.text(), at);
      if (c.value == '(' || c.value == U'《' || c.value == U'“') ++depth;
      if (c.value == ')' || c.value == U'》' || c.value == U'”') --depth;
      const bool and_word = depth == 0 && (c.value == U'和' || c.value == U'及') && in.end - at < 60 && at - begin >= 6;
      if (depth <= 0 && (c.value == U'、' || and_word)) {
        found.push_back(trimmed(sentence, {begin, at}));
        begin = at + c.length;
      }
      at += c.length;
    }
    found.push_back(trimmed(sentence, {begin, in.end}));
    found.erase(std::remove_if(found.begin(), found.end(), [&](Range r) { return r.empty() || count_code_points(sentence.text(r)) < 2; }), found.end());
    return found;
  }

  void emit(const Scene& scene, const WordHit& hit, Range clause, const Stance& stance, const When& when, std::vector<Draft>& out) const {
    const Sentence& sentence = scene.sentence;
    // Who: names that stand together before the word.
    std::vector<const Name*> who;
    for (const Name& name : sentence.names()) {
      const bool actor = is_company(name.kind) || name.kind == EntityKind::kAgency || name.kind == EntityKind::kPerson || name.kind == EntityKind::kOrganization || name.kind == EntityKind::kOutlet;
      if (!actor || name.at.begin < clause.begin || name.at.end > hit.begin) continue;
      // (某报注：…), 《乐高…》: a note of the outlet's, a word of a title.
      const std::string_view before = sentence.text({clause.begin, name.at.begin});
      const std::size_t title = before.rfind("《");
      const bool titled = title != std::string_view::npos && before.find("》", title) == std::string_view::npos;
      if (titled || (name.kind == EntityKind::kOutlet && sentence.text().substr(name.at.end).starts_with("注"))) continue;
      who.push_back(&name);
    }
    const bool results = is(hit, Word::kResults) || sentence.text({hit.end, clause.end}).find("财报") != std::string_view::npos || sentence.text({hit.end, clause.end}).find("业绩") != std::string_view::npos ||
                         sentence.text({hit.end, clause.end}).find("results") != std::string_view::npos || sentence.text({hit.end, clause.end}).find("earnings") != std::string_view::npos ||
                         (sentence.text(range_of(hit)) == "登场" && sentence.text().find("财报") != std::string_view::npos);
    // A row of companies that report: one event each, earlier clauses of the same row included.
    if (results && !who.empty()) {
      std::vector<const Name*> all = who;
      const std::size_t index = sentence.clause_at(hit.begin);
      for (std::size_t i = index; i > 0;) {
        --i;
        const Clause& earlier = sentence.clauses()[i];
        if (earlier.sentence != sentence.clauses()[index].sentence || near(scene, earlier.at, {Word::kHappens, Word::kResults}) != nullptr) break;
        for (const Name& name : sentence.names())
          if (is_company(name.kind) && earlier.at.covers(name.at)) all.push_back(&name);
      }
      // Agencies and people do not report with them.
      for (const Name* name : all) {
        Draft made = draft("scheduled_event/results", range_of(hit));
        cover(made, name->at);
        made.claim.set("what", name->ref.text + (sentence.english() ? " results" : "发布财报"));
        made.claim.set("who", name->ref);
        made.claim.when = when;
        finish(scene, std::move(made), stance, out);
      }
      return;
    }
    const std::string verb = sentence.original_text(range_of(hit));
    const Name* actor = who.empty() ? nullptr : who.back();
    std::optional<EntityRef> doer;
    if (actor != nullptr) doer = actor->ref;
    else if (sentence.last(Layer::kFrame, FrameCue::kCompany, {clause.begin, hit.begin}) != nullptr && scene.article.company) doer = scene.article.company->ref;

    const bool noun_first = one_of(hit, {Word::kDue, Word::kPeriod});
    std::vector<std::string> whats;
    // 原定于…举行的听证会已被取消: what was to be stands between.
    if (stance.denied && !noun_first && sentence.text().substr(hit.end).starts_with("的")) {
      Range thing{hit.end + 3, clause.end};
      for (const std::string_view off : {"已被", "被", "已经", "已", "取消", "叫停", "作罢", "暂缓", "不再"})
        if (const std::size_t place = sentence.text(thing).find(off); place != std::string_view::npos && place > 0) thing.end = thing.begin + static_cast<std::uint32_t>(place);
      thing = trimmed(sentence, thing);
      const std::size_t length = count_code_points(sentence.text(thing));
      if (length >= 2) whats.push_back((length < 3 ? verb : std::string()) + sentence.original_text(thing));
    }
    if (!noun_first && whats.empty()) {
      Range object = trimmed(sentence, {hit.end, clause.end});
      auto list = items(sentence, {hit.end, clause.end});
      // …多项数据 包括A、B、C: the items are the events.
      const WordHit* include = near(scene, {hit.end, sentence.sentence_range(hit.begin).end}, {Word::kInclude});
      if (include != nullptr && include->begin <= clause.end + 6) list = items(sentence, {include->end, sentence.clause_range(include->begin).end});
      if (list.size() > 1) {
        for (std::size_t i = 0; i < list.size(); ++i)
          whats.push_back(with_verb(scene, hit, up_to_time(sentence, list[i])) +
                          (i + 1 < list.size() && is_bare_place(sentence, list[i]) ? of_both(sentence, list[i], list[i + 1]) : std::string()));
        // A neighbouring clause of nouns goes on with the list: "…、失业率 法国…GDP初值等数据".
        const std::size_t next = sentence.clause_at(hit.begin) + 1;
        if (include == nullptr && next < sentence.clauses().size() && sentence.clauses()[next].sentence == sentence.clauses()[next - 1].sentence) goes_on(scene, sentence.clauses()[next].at, verb, whats);
      } else if (object.size() >= 6) {
        whats.push_back(with_verb(scene, hit, up_to_time(sentence, object)));
        const std::size_t next = sentence.clause_at(hit.begin) + 1;
        if (next < sentence.clauses().size() && sentence.clauses()[next].sentence == sentence.clauses()[next - 1].sentence) goes_on(scene, sentence.clauses()[next].at, verb, whats);
      }
    }
    if (whats.empty()) {
      // What stands before the word is what happens: 《…规则》…施行, 2000亿元MLF…到期, several plants 上线.
      Range subject{clause.begin, hit.begin};
      // Who says so is no part of it.
      for (const WordHit& cue : sentence.words(Layer::kSource))
        if (subject.covers(range_of(cue)) && (is(cue, SourceCue::kSays) || is(cue, SourceCue::kExpects) || is(cue, SourceCue::kReports)) &&
            count_code_points(sentence.text(trimmed(sentence, {cue.end, subject.end}))) >= 3)
          subject.begin = cue.end;
      // Up to the plan or the time: "A、B等产能 | 计划在2027年及之后上线".
      for (const WordHit& cue : sentence.words(Layer::kStance))
        if (subject.covers(range_of(cue)) && cue.begin > subject.begin + 5 && (is(cue, StanceCue::kPlan) || is(cue, StanceCue::kWill) || is(cue, StanceCue::kForecast))) {
          subject.end = cue.begin;
          break;
        }
      const auto list = items(sentence, subject);
      const bool plural = list.size() > 1 && is(hit, Word::kHappens);
      if (plural) {
        for (const Range item : list) whats.push_back(sentence.original_text(item) + (sentence.english() ? " " : "") + verb);
      } else {
        Range phrase = trimmed(sentence, subject);
        // A bare pronoun or nothing: the clause before names it.
        if (phrase.empty() || count_code_points(sentence.text(phrase)) < 2) {
          const std::size_t index = sentence.clause_at(hit.begin);
          if (index > 0 && sentence.clauses()[index - 1].sentence == sentence.clauses()[index].sentence) {
            const Range before = trimmed(sentence, sentence.clauses()[index - 1].at);
            const std::string_view opens = sentence.text(before);
            if (count_code_points(opens) <= 40 && !opens.starts_with("据") && !opens.starts_with("根据") && !opens.starts_with("按") && !opens.ends_with(verb)) whats.push_back(sentence.original_text(before) + (sentence.english() ? " " : "") + verb);
          }
        }
        // Adverbs alone say nothing of what it is: the thing that the sentence, or the one before, speaks of; else nothing that a calendar could show.
        static constexpr std::string_view kBare[] = {"最快", "争取", "全力争取", "从", "正式", "年内", "届时", "最早", "预计", "预期", "有望", "也", "全面", "陆续", "计划"};
        const bool bare = phrase.empty() || std::any_of(std::begin(kBare), std::end(kBare), [&](std::string_view word) { return sentence.text(phrase) == word; });
        if (whats.empty() && bare && !sentence.english()) {
          const Name* thing = nullptr;
          const Range whole = sentence.sentence_range(hit.begin);
          for (const Name& name : sentence.names())
            if (whole.begin <= name.at.begin && name.at.end <= clause.begin && is_product(name.kind) && name.kind != EntityKind::kProductClass) {
              thing = &name;
              break;
            }
          if (thing == nullptr && scene.told != nullptr && scene.told->product) thing = &*scene.told->product;
          const Range object = trimmed(sentence, {hit.end, clause.end});
          if (thing != nullptr) whats.push_back(thing->ref.text + verb);
          else if (count_code_points(sentence.text(object)) >= 2 && noun_first) whats.push_back(verb + sentence.original_text(object));
          else return;
        }
        if (whats.empty()) {
          std::string what = phrase.empty() ? std::string() : sentence.original_text(phrase);
          what += (sentence.english() ? " " : "") + verb;
          if (const Range object = trimmed(sentence, {hit.end, clause.end}); noun_first && count_code_points(sentence.text(object)) >= 2) what += sentence.original_text(object);
          whats.push_back(what);
        }
      }
    }
    for (std::string& what : whats) {
      if (count_code_points(what) < 3) continue;
      if (count_code_points(what) > 60) continue;
      Draft made = draft("scheduled_event/planned", range_of(hit));
      cover(made, clause);
      made.claim.set("what", std::move(what));
      if (doer) made.claim.set("who", *doer);
      made.claim.when = when;
      finish(scene, std::move(made), stance, out);
    }
  }

  // 公布某国10月及全年某数据: what is published for the one time as for the other.
  static bool is_bare_place(const Sentence& sentence, Range item) {
    return std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& name) {
      return name.at == item && (name.kind == EntityKind::kCountry || name.kind == EntityKind::kRegion);
    });
  }
  static std::string of_both(const Sentence& sentence, Range place, Range next) {
    const std::string_view between = sentence.text({place.end, next.begin});
    std::size_t joint = between.size();
    for (const std::string_view word : {"及", "和", "、"}) joint = std::min(joint, between.find(word));
    return sentence.original_text({place.end, place.end + static_cast<std::uint32_t>(std::min(joint, between.size()))}) + sentence.original_text(next);
  }
  // 发行甲 1月30日发行乙: what has a day of its own is another event.
  static Range up_to_time(const Sentence& sentence, Range object) {
    for (const TimeAt& time : sentence.times_at())
      if (time.at.begin > object.begin + 6 && object.covers(time.at) && time.at.end < object.end && has_date(*time.time) &&
          sentence.text()[time.at.begin - 1] == ' ' && !leads_to_time(sentence.text({object.begin, time.at.begin - 1})))
        object.end = std::min(object.end, time.at.begin);
    return trimmed(sentence, object);
  }
  static bool leads_to_time(std::string_view text) {
    static constexpr std::string_view kLeads[] = {"于", "在", "为", "到", "至", "从", "自", "由", "时间", "截至", "即"};
    return std::any_of(std::begin(kLeads), std::end(kLeads), [&](std::string_view lead) { return text.ends_with(lead); });
  }
  // The verb with its object; what begins with the verb itself says it already.
  static std::string with_verb(const Scene& scene, const WordHit& hit, Range object) {
    const Sentence& sentence = scene.sentence;
    const std::string verb = sentence.original_text(range_of(hit));
    if (sentence.text(object).starts_with(sentence.text(range_of(hit)))) return sentence.original_text(object);
    return (sentence.english() ? verb + " " : verb) + sentence.original_text(object);
  }

  void goes_on(const Scene& scene, Range next, const std::string& verb, std::vector<std::string>& whats) const {
    if (near(scene, next, {Word::kHappens, Word::kDue, Word::kPeriod}) != nullptr) return;
    const Sentence& sentence = scene.sentence;
    // Data of another country: it has a name of a statistic, no verb.
    const std::string_view text = sentence.text(next);
    static constexpr std::string_view kData[] = {"初值", "数据", "终值", "指数", "失业率", "cpi", "ppi", "pmi", "gdp", "贸易帐", "决议", "纪要"};
    if (std::none_of(std::begin(kData), std::end(kData), [&](std::string_view d) { return text.find(d) != std::string_view::npos; })) return;
    for (const WordHit& hit : sentence.words(Layer::kStance))
      if (next.covers(range_of(hit))) return;
    if (text.find("去年") != std::string_view::npos || text.find("上升") != std::string_view::npos || text.find("下降") != std::string_view::npos || text.find("增长") != std::string_view::npos) return;
    for (const Range item : items(sentence, next)) whats.push_back(verb + sentence.original_text(item));
  }

  void finish(const Scene& scene, Draft made, Stance stance, std::vector<Draft>& out) const {
    if (stance.negated) {
      stance.denied = true;
      stance.negated = false;
    }
    const std::string_view verb = scene.sentence.text(made.trigger);
    if (verb == "取消") stance.stopped = false;
    settle(scene, made, stance, Aspect::kBegins);
    if (made.claim.modality == Modality::kAsserted && made.claim.when->from && scene.article.published && *made.claim.when->from > *scene.article.published) made.claim.aspect = Aspect::kTarget;
    out.push_back(std::move(made));
  }
};

}  // namespace

std::unique_ptr<Rule> make_scheduled_event_rule() { return std::make_unique<ScheduledEvent>(); }

}  // namespace annals
