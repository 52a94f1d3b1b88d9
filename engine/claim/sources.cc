#include "engine/claim/sources.h"

#include <algorithm>

#include "engine/base/utf8.h"

namespace annals {
namespace {

struct Speaker {
  Range at;
  std::string text;
  Attribution attribution = Attribution::kNamed;
  bool pronoun = false;
  bool person = false;
  bool outlet = false;
  bool rates = false;      // a bank, a broker: what it writes about others is its view
};

bool may_speak(const Name& name) {
  switch (name.kind) {
    case EntityKind::kCompany: case EntityKind::kPerson: case EntityKind::kAgency: case EntityKind::kOutlet: case EntityKind::kOrganization:
    case EntityKind::kExchange:
      return true;
    default: return false;
  }
}

bool is_house(const Name& name) {
  return name.entity != nullptr && (name.entity->tagged("bank") || name.entity->tagged("broker") || name.entity->tagged("rating") || name.entity->tagged("research"));
}

// 对第一财经表示, 向记者透露: they are spoken to.
bool is_addressed(const Sentence& sentence, Range at) {
  static constexpr std::string_view kTo[] = {"对", "向", "给", "与", "同", "在", "told ", "to ", "of ", "with ", "at "};
  const std::string_view before = sentence.text().substr(0, at.begin);
  return std::any_of(std::begin(kTo), std::end(kTo), [&](std::string_view to) { return before.ends_with(to); });
}

// The name after a title: 首席执行官陈立武 → 陈立武, "CFO Mark Murphy" → Mark Murphy. Ends at the next word that plays a part.
std::optional<Range> name_after_title(const Sentence& sentence, Range title, std::uint32_t limit) {
  const std::string_view all = sentence.text();
  std::uint32_t at = title.end;
  while (at < limit && all[at] == ' ') ++at;
  const std::uint32_t begin = at;
  if (begin >= limit) return std::nullopt;
  const std::string_view original = sentence.original();
  const ByteSpan first = sentence.original_span({begin, begin + 1});
  const bool capital = first.begin < original.size() && original[first.begin] >= 'A' && original[first.begin] <= 'Z';
  if (capital) {
    // A run of capitalised Latin words.
    while (at < limit) {
      const ByteSpan here = sentence.original_span({at, at + 1});
      const char c = original[here.begin];
      const bool word_start = at == begin || all[at - 1] == ' ';
      if (word_start && !(c >= 'A' && c <= 'Z')) break;
      if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ' || c == '-' || c == '.' || c == '\'')) break;
      ++at;
    }
    while (at > begin && all[at - 1] == ' ') --at;
    if (at - begin < 3) return std::nullopt;
    return Range{begin, at};
  }
  static constexpr std::u32string_view kEnds = U"在于此曾对今近也还向与日就则已不没又先后接";
  unsigned count = 0;
  while (at < limit && count < 4) {
    const CodePoint c = decode_utf8(all, at);
    const bool stops = kEnds.find(c.value) != std::u32string_view::npos && count >= 2;
    if (!is_han(c.value) && c.value != U'·') break;
    if (stops) break;
    const auto starts = [&](const auto& hits) { return std::any_of(hits.begin(), hits.end(), [&](const WordHit& h) { return h.begin == at; }); };
    if (count >= 2 && std::any_of(sentence.times_at().begin(), sentence.times_at().end(), [&](const TimeAt& time) { return time.at.begin == at; })) break;
    if (count >= 2 && (starts(sentence.words(Layer::kStance)) || starts(sentence.words(Layer::kSource)))) break;
    at += c.length;
    ++count;
  }
  if (count < 2) return std::nullopt;
  return Range{begin, at};
}

// A run of capitalised Latin words in `in` that is no known name: an English person or house (Bernstein).
std::optional<Range> latin_name(const Sentence& sentence, Range in) {
  const std::string_view all = sentence.text();
  const std::string_view original = sentence.original();
  if (sentence.english()) return std::nullopt;  // there every sentence begins with a capital
  for (std::uint32_t at = in.begin; at < in.end; ++at) {
    if (all[at] < 'a' || all[at] > 'z' || (at > 0 && ((all[at - 1] >= 'a' && all[at - 1] <= 'z') || (all[at - 1] >= '0' && all[at - 1] <= '9')))) continue;
    const ByteSpan place = sentence.original_span({at, at + 1});
    if (place.begin >= original.size() || original[place.begin] < 'A' || original[place.begin] > 'Z') continue;
    std::uint32_t end = at;
    while (end < in.end && ((all[end] >= 'a' && all[end] <= 'z') || all[end] == ' ' || all[end] == '.')) ++end;
    while (end > at && (all[end - 1] == ' ' || all[end - 1] == '.')) --end;
    const Range found{at, end};
    const bool known = std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& n) { return n.at.touches(found); });
    if (found.size() >= 4 && !known) return found;
    at = end;
  }
  return std::nullopt;
}

// 市场 and 分析 speak where they open a clause (有市场…, 但分析…), not inside another name (可触达市场).
bool stands_alone(const Sentence& sentence, Range at) {
  const Range clause = sentence.clause_range(at.begin);
  if (at.begin <= clause.begin + 1 || sentence.english()) return true;
  static constexpr std::string_view kOpeners[] = {"有", "据", "但", "而", "另", "且", "多家", "也有", "部分", " ", "-", "，", "援引", "由", "被", "根据", "多数", "不少", "有的"};
  const std::string_view before = sentence.text().substr(0, at.begin);
  return std::any_of(std::begin(kOpeners), std::end(kOpeners), [&](std::string_view opener) { return before.ends_with(opener); });
}

// Everybody in `in` who could speak, in order.
std::vector<Speaker> speakers_in(const Sentence& sentence, Range in, const std::string& company = {}, bool named_as_source = false) {
  const auto spoken_to = [&](Range at) { return !named_as_source && is_addressed(sentence, at); };
  // The U.S. Commerce Department: the country only says whose it is.
  const auto says_whose = [&](Range at) {
    return std::any_of(sentence.names().begin(), sentence.names().end(), [&](const Name& next) {
      return (next.kind == EntityKind::kAgency || next.kind == EntityKind::kOrganization) && next.at.begin >= at.end && next.at.begin <= at.end + 2 && in.covers(next.at);
    });
  };
  std::vector<Speaker> found;
  for (const Name& name : sentence.names()) {
    if (!in.covers(name.at) || !may_speak(name) || spoken_to(name.at)) continue;
    if (name.kind == EntityKind::kCountry && says_whose(name.at)) continue;
    Speaker speaker{name.at, name.ref.text, Attribution::kNamed, false, name.kind == EntityKind::kPerson, name.kind == EntityKind::kOutlet, is_house(name)};
    found.push_back(std::move(speaker));
  }
  const auto overlaps = [&](Range range) {
    return std::any_of(found.begin(), found.end(), [&](const Speaker& s) { return s.at.touches(range); });
  };
  for (const WordHit& hit : sentence.words(Layer::kSource)) {
    const Range at = range_of(hit);
    if (!in.covers(at) || overlaps(at) || spoken_to(at)) continue;
    if (is(hit, SourceCue::kCrowd) && !stands_alone(sentence, at)) continue;
    if (is(hit, SourceCue::kAnonymous) || is(hit, SourceCue::kCrowd))
      found.push_back({at, sentence.original_text(at), Attribution::kAnonymous, false, false, false, false});
    else if (is(hit, SourceCue::kDocument))
      found.push_back({at, sentence.original_text(at), Attribution::kNamed, false, false, false, false});
    else if (is(hit, SourceCue::kPronoun))
      found.push_back({at, sentence.original_text(at), Attribution::kNamed, true, true, false, false});
    else if (is(hit, SourceCue::kTitle)) {
      if (const auto name = name_after_title(sentence, at, in.end); name && !overlaps(*name))
        found.push_back({*name, sentence.original_text(*name), Attribution::kNamed, false, true, false, false});
    }
  }
  for (const WordHit& hit : sentence.words(Layer::kFrame)) {
    Range at = range_of(hit);
    if (!in.covers(at) || overlaps(at) || spoken_to(at) || says_whose(at)) continue;
    // 美国总统表示: the office speaks, not the country, unless its holder is named (美国总统某某).
    bool office = false;
    for (const WordHit& title : sentence.words(Layer::kSource))
      if (is(title, SourceCue::kTitle) && title.begin == at.end && in.covers(range_of(title)) && !overlaps({title.end, title.end + 2}) && !name_after_title(sentence, range_of(title), in.end)) {
        at.end = title.end;
        office = true;
      }
    if (office) {
      found.push_back({at, sentence.original_text(at), Attribution::kNamed, false, true, false, false});
      continue;
    }
    if (is(hit, FrameCue::kCompany) && !company.empty())
      found.push_back({at, company, Attribution::kNamed, false, false, false, false});
    else if (is(hit, FrameCue::kCompany) || is(hit, FrameCue::kExporterActs) || is(hit, FrameCue::kImporterActs) || is(hit, FrameCue::kMakers))
      found.push_back({at, sentence.original_text(at), Attribution::kNamed, false, false, false, false});
  }
  std::sort(found.begin(), found.end(), [](const Speaker& a, const Speaker& b) { return a.at < b.at; });
  return found;
}

// Whether what stands between a subject and its verb leaves them together: adverbs, times, 在…上, but no second clause.
bool leads_to(const Sentence& sentence, Range subject, std::uint32_t verb) {
  if (subject.end > verb) return false;
  const std::uint32_t gap = verb - subject.end;
  const std::string_view between = sentence.text({subject.end, verb});
  const std::uint32_t far = between.starts_with("在") || between.starts_with("于") || between.starts_with(" in ") || between.starts_with(" at ") ? 90 : 42;
  return gap <= far;
}

}  // namespace

std::vector<SourceScope> read_sources(const Sentence& sentence, const std::string& company, SpeakerMemory& memory) {
  std::vector<SourceScope> scopes;
  const auto& words = sentence.words(Layer::kSource);
  std::uint32_t used_to = 0;  // words before are part of a phrase already read

  const auto outer_of = [&](std::uint32_t at) -> const SourceScope* {
    const SourceScope* outer = source_at(scopes, at);
    return outer;
  };
  const auto add = [&](SourceScope scope, const Speaker* speaker, bool nests) {
    const SourceScope* outer = outer_of(scope.cue.begin);
    if (speaker != nullptr) {
      scope.attribution = speaker->attribution;
      if (speaker->pronoun) {
        if (memory.speakers.empty()) scope.speakers.push_back(speaker->text);
        else scope.speakers = memory.speakers;
      } else {
        scope.speakers.push_back(speaker->text);
      }
      if (speaker->attribution == Attribution::kAnonymous && !scope.expects) scope.hearsay = true;
    }
    if (nests && outer != nullptr) {
      for (const std::string& name : outer->speakers)
        if (std::find(scope.speakers.begin(), scope.speakers.end(), name) == scope.speakers.end()) scope.speakers.push_back(name);
      scope.hearsay |= outer->hearsay;
    }
    if (!scope.speakers.empty() && (speaker == nullptr || !speaker->pronoun) && scope.attribution == Attribution::kNamed && speaker != nullptr && speaker->person)
      memory = {scope.speakers, scope.attribution};
    scopes.push_back(std::move(scope));
  };

  for (std::size_t i = 0; i < words.size(); ++i) {
    const WordHit& word = words[i];
    if (word.begin < used_to) continue;
    const Range clause = sentence.clause_range(word.begin);
    const Range whole = sentence.sentence_range(word.begin);
    SourceScope scope;
    scope.cue = range_of(word);

    if (is(word, SourceCue::kHearsay) || is(word, SourceCue::kRumour)) {
      // "关于…的传闻" colours the sentence; "据悉，…" what follows.
      const bool noun = word.begin > clause.begin + 12 && sentence.text({word.begin, word.end}).find("称") == std::string_view::npos;
      scope.at = {noun ? whole.begin : word.begin, whole.end};
      scope.attribution = Attribution::kHearsay;
      scope.hearsay = true;
      if (is(word, SourceCue::kRumour)) {
        static constexpr std::string_view kTalk[] = {"消息", "传闻", "传言"};
        for (const std::string_view talk : kTalk) {
          const std::size_t place = sentence.text(range_of(word)).find(talk);
          if (place == std::string_view::npos) continue;
          const auto begin = static_cast<std::uint32_t>(word.begin + place);
          scope.speakers.push_back(sentence.original_text({begin, begin + static_cast<std::uint32_t>(talk.size())}));
          break;
        }
      }
      add(std::move(scope), nullptr, true);
      continue;
    }

    if (is(word, SourceCue::kAccording) || is(word, SourceCue::kCites)) {
      Range after{word.end, clause.end};
      // The verb that ends the phrase: 据…报道, 根据…分析, 援引…称.
      std::uint32_t phrase_end = clause.end;
      for (std::size_t j = i + 1; j < words.size() && words[j].begin < clause.end; ++j) {
        if (is(words[j], SourceCue::kSays) || is(words[j], SourceCue::kReports) || is(words[j], SourceCue::kExpects) ||
            (is(words[j], SourceCue::kHearsay) && sentence.text(range_of(words[j])).find("消息") != std::string_view::npos)) {
          phrase_end = words[j].begin;
          used_to = words[j].end;
          break;
        }
      }
      after.end = std::min<std::uint32_t>(phrase_end, word.end + 60);
      // 据彭博引述知情人士报道: who is quoted is nearest, the medium hands it on.
      const WordHit* quoting = nullptr;
      if (is(word, SourceCue::kAccording))
        for (const WordHit& cites : words)
          if (is(cites, SourceCue::kCites) && after.covers(range_of(cites))) quoting = &cites;
      if (quoting != nullptr) {
        auto media = speakers_in(sentence, {after.begin, quoting->begin}, company, true);
        auto quoted = speakers_in(sentence, {quoting->end, after.end}, company, true);
        if (!media.empty() && !quoted.empty()) {
          SourceScope carrier;
          carrier.cue = scope.cue;
          carrier.at = {sentence.english() ? whole.begin : word.begin, whole.end};
          carrier.hearsay = true;
          const Range where = carrier.at;
          add(std::move(carrier), &media.back(), true);
          scope.cue = {word.begin + 1, word.end};
          scope.at = {where.begin + 1, where.end};
          scope.hearsay = true;
          if (used_to <= word.begin) used_to = quoted.front().at.end;
          add(std::move(scope), &quoted.front(), true);
          continue;
        }
      }
      auto candidates = speakers_in(sentence, after, company, true);
      // The deepest first: a person or an insider before the house that quotes them.
      const Speaker* speaker = candidates.empty() ? nullptr : &candidates.front();
      for (const Speaker& each : candidates)
        if (each.person) {
          speaker = &each;
          break;
        }
      Speaker unknown;
      if (speaker == nullptr) {
        if (const auto name = latin_name(sentence, after)) {
          unknown = {*name, sentence.original_text(*name), Attribution::kNamed, false, false, false, false};
          speaker = &unknown;
        }
      }
      if (speaker == nullptr) continue;
      if (used_to <= word.begin) used_to = speaker->at.end;
      scope.at = {sentence.english() ? whole.begin : word.begin, whole.end};
      const std::string_view tail = sentence.text({speaker->at.end, std::min<std::uint32_t>(speaker->at.end + 9, clause.end)});
      scope.hearsay = speaker->outlet || tail.find("报道") != std::string_view::npos || tail.find("消息") != std::string_view::npos;
      if (is(word, SourceCue::kCites)) {
        // 媒体援引知情人士: the insider speaks through the medium.
        auto before = speakers_in(sentence, {clause.begin, word.begin}, company);
        if (!before.empty() && leads_to(sentence, before.back().at, word.begin)) {
          SourceScope carrier;
          carrier.cue = scope.cue;
          carrier.at = scope.at;
          carrier.hearsay = true;
          add(std::move(carrier), &before.back(), true);
        }
        scope.cue.begin = scope.at.begin = word.begin + 1;  // inside its carrier
        scope.hearsay = true;
      }
      // 据彭博社报道, 特朗普表示: "彭博社援引知情人士" names two.
      add(std::move(scope), speaker, true);
      continue;
    }

    const bool expects = is(word, SourceCue::kExpects);
    const bool reports = is(word, SourceCue::kReports);
    const bool rates = is(word, SourceCue::kRates);
    if (!is(word, SourceCue::kSays) && !expects && !reports && !rates) continue;

    scope.expects = expects;
    scope.hearsay = reports;
    const std::string_view verb = sentence.text(scope.cue);
    scope.denies = verb == "否认" || verb == "辟谣" || verb == "denied" || verb == "denies";
    std::uint32_t left = clause.begin;
    for (const SourceScope& earlier : scopes)
      if (earlier.cue.begin >= clause.begin && earlier.cue.end <= word.begin) left = std::max(left, earlier.cue.end);
    auto candidates = speakers_in(sentence, {left, word.begin}, company);
    const Speaker* speaker = nullptr;
    for (const Speaker& each : candidates) {
      if (rates ? !each.rates : !leads_to(sentence, each.at, word.begin)) continue;
      // A forecaster stands right before the verb: "A的收入预计…" is nobody's word.
      if (expects && !sentence.english() && word.begin > each.at.end + 12) continue;
      if (speaker == nullptr || (each.person && !speaker->person)) speaker = &each;
    }
    // A house and its person side by side (英伟达首席执行官黄仁勋): the person. A person only spoken about (X对Y的决定表示): the first.
    if (speaker != nullptr && speaker->person && &candidates.front() != speaker && !candidates.front().person) {
      const std::string_view between = sentence.text({candidates.front().at.end, speaker->at.begin});
      if (between.find("对") != std::string_view::npos || between.find("向") != std::string_view::npos) speaker = &candidates.front();
    }
    Speaker found;
    if (speaker == nullptr && !rates) {
      if (const auto name = latin_name(sentence, {left, word.begin}); name && leads_to(sentence, *name, word.begin)) {
        found = {*name, sentence.original_text(*name), Attribution::kNamed, false, true, false, false};
        speaker = &found;
      }
    }
    if (speaker == nullptr && sentence.english() && !rates) {
      // "…, said Huang": the subject follows.
      auto following = speakers_in(sentence, {word.end, std::min(clause.end, word.end + 50)});
      if (!following.empty() && following.front().at.begin <= word.end + 24 && word.begin <= clause.begin + 4) {
        found = following.front();
        speaker = &found;
      }
    }
    std::vector<std::string> inherited;
    Attribution inherited_attribution = Attribution::kNamed;
    if (speaker == nullptr && !expects && !rates && word.begin <= clause.begin + 9 && word.begin > whole.begin) {
      // …，称…: the subject of the clauses before goes on.
      if (!scopes.empty() && scopes.back().at.covers(word.begin)) {
        inherited = scopes.back().speakers;
        inherited_attribution = scopes.back().attribution;
      } else {
        auto earlier = speakers_in(sentence, {whole.begin, clause.begin}, company);
        if (!earlier.empty()) {
          found = earlier.front();
          for (const Speaker& each : earlier)
            if (each.person && sentence.clause_at(each.at.begin) == sentence.clause_at(found.at.begin) && each.at.begin <= found.at.end + 30) {
              found = each;
              break;
            }
          speaker = &found;
        }
      }
    }
    if (speaker == nullptr && inherited.empty()) continue;
    // A company that reports its own figures vouches for them; an outlet hands on what it heard.
    if (reports && speaker != nullptr && !speaker->outlet && sentence.english()) scope.hearsay = false;
    for (const TimeAt& time : sentence.times_at())
      if (clause.covers(time.at) && time.at.end <= word.begin + 1) scope.said = time.time;

    const std::uint32_t remaining = whole.end - word.end;
    const bool closing = remaining < 10 || (sentence.english() && word.begin > whole.begin + 20 && clause.begin > whole.begin &&
                                            clause.end == whole.end && remaining < 60 && word.begin <= clause.begin + 40);
    scope.at = {closing ? whole.begin : rates && speaker != nullptr ? speaker->at.end : word.begin, whole.end};
    // A new subject in the same voice ends the earlier one; a report holds what its people say.
    bool nests = false;
    for (SourceScope& earlier : scopes) {
      if (!earlier.at.covers(word.begin)) continue;
      const bool carries = earlier.hearsay || earlier.attribution == Attribution::kHearsay;
      if (carries || expects) nests = true;
      else earlier.at.end = std::max(earlier.at.begin, std::min(earlier.at.end, speaker == nullptr ? word.begin : std::min(word.begin, speaker->at.begin)));
    }
    if (speaker != nullptr) add(std::move(scope), speaker, nests);
    else {
      scope.speakers = inherited;
      scope.attribution = inherited_attribution;
      scope.hearsay |= inherited_attribution == Attribution::kAnonymous;
      scopes.push_back(std::move(scope));
    }
  }
  return scopes;
}

const SourceScope* source_at(const std::vector<SourceScope>& scopes, std::uint32_t at) {
  const SourceScope* innermost = nullptr;
  for (const SourceScope& scope : scopes)
    if (scope.at.covers(at) && (innermost == nullptr || scope.at.begin >= innermost->at.begin)) innermost = &scope;
  return innermost;
}

}  // namespace annals
