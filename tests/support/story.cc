#include "tests/support/story.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>

#include "engine/claim/kinds.h"
#include "engine/language/fold.h"
#include "engine/query/query.h"
#include "replay/oracle.h"

namespace annals::support {
namespace {

[[noreturn]] void wrong(std::string_view line, std::string_view what) {
  throw std::runtime_error(fmt::format("story: {}: {}", line, what));
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  std::string part;
  std::istringstream in{std::string(text)};
  while (std::getline(in, part, at))
    if (!part.empty()) out.push_back(part);
  return out;
}

std::string spaced(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

EntityRef entity(const std::string& id) { return {id, id, true}; }

Amount amount_of(std::string_view line, const std::string& text) {
  Amount out;
  std::string number = text;
  for (const auto& [mark, comparator] : std::map<std::string, Comparator, std::greater<>>{{">=", Comparator::kGreaterEqual},
                                                                                           {"<=", Comparator::kLessEqual},
                                                                                           {">", Comparator::kGreater},
                                                                                           {"<", Comparator::kLess},
                                                                                           {"~", Comparator::kApproximate}}) {
    if (!number.starts_with(mark)) continue;
    out.comparator = comparator;
    number = number.substr(mark.size());
    break;
  }
  std::size_t used = 0;
  try {
    out.value = std::stod(number, &used);
  } catch (const std::exception&) {
    wrong(line, "expected a number, found " + text);
  }
  std::string rest = number.substr(used);
  if (rest.starts_with("..")) {
    out.high = std::stod(rest.substr(2), &used);
    out.comparator = Comparator::kRange;
    rest = rest.substr(2 + used);
  }
  out.unit = rest;
  return out;
}

template <class T>
T need(Result<T> result, std::string_view line) {
  if (!result) wrong(line, result.error().message);
  return *std::move(result);
}

InterpreterId interpreter_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  return {std::string(text.substr(0, slash)), slash == std::string_view::npos ? 1u : static_cast<std::uint32_t>(std::stoul(std::string(text.substr(slash + 1))))};
}

}  // namespace

Instant instant(std::string_view text) { return need(parse_moment(text, Zone::utc(), Instant{}), text).instant; }

Claim claim_of(std::string_view line) {
  const auto words = split(line, ' ');
  if (words.empty()) wrong(line, "expected a kind of claim");
  const ClaimKind* kind = find_claim_kind(words[0]);
  if (kind == nullptr) wrong(line, "there is no such kind of claim");
  Claim out;
  out.type = kind->type;
  std::optional<Aspect> aspect;
  std::optional<Attribution> attribution;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equal = words[i].find('=');
    if (equal == std::string::npos) wrong(line, "expected name=value, found " + words[i]);
    const std::string name = words[i].substr(0, equal);
    const std::string value = words[i].substr(equal + 1);
    if (name == "modality") {
      const auto found = find_modality(value);
      if (!found) wrong(line, "no such modality");
      out.modality = *found;
    } else if (name == "aspect") {
      aspect = find_aspect(value);
      if (!aspect) wrong(line, "no such aspect");
    } else if (name == "attribution") {
      attribution = find_attribution(value);
      if (!attribution) wrong(line, "no such attribution");
    } else if (name == "when" && kind->slot("when") == nullptr) {
      out.when = need(parse_when(value), line);
    } else if (name == "speaker") {
      for (const std::string& speaker : split(value, ';')) out.speakers.push_back(spaced(speaker));
    } else if (const SlotSpec* slot = kind->slot(name)) {
      switch (slot->type) {
        case SlotType::kEntity: out.set(name, entity(value)); break;
        case SlotType::kEntities: {
          std::vector<EntityRef> all;
          for (const std::string& each : split(value, ';')) all.push_back(entity(each));
          out.set(name, std::move(all));
          break;
        }
        case SlotType::kAmount: out.set(name, amount_of(line, value)); break;
        case SlotType::kText: out.set(name, spaced(value)); break;
        case SlotType::kVocabulary: out.set(name, value); break;
      }
    } else {
      wrong(line, "no slot " + name);
    }
  }
  const bool target = out.modality == Modality::kForecast || out.modality == Modality::kPlanned || out.modality == Modality::kConditional;
  out.aspect = aspect.value_or(target ? Aspect::kTarget : Aspect::kBegins);
  out.attribution = attribution.value_or(out.speakers.empty() ? Attribution::kOwn : Attribution::kNamed);
  out.span = {0, line.size()};
  out.quote = std::string(line);
  out.rule = "by hand";
  if (auto valid = validate_claim(out); !valid) wrong(line, valid.error().message);
  return out;
}

Story::Story(std::string_view starts_at, const Zone& zone) : clock_(instant(starts_at)), zone_(zone) {
  LogOptions options;
  options.zone_at_creation = zone;
  options.allow_clock_jump = true;
  log_ = make_memory_log(clock_, options);
}

void Story::at(std::string_view when) { clock_.set(instant(when)); }

Position Story::append(EventBody body) {
  const EventDraft draft{"story", std::move(body)};
  const auto receipts = log_->append(std::span(&draft, 1), OnRepeat::kAnswerFirst);
  if (!receipts) throw std::runtime_error("story: " + receipts.error().message);
  clock_.advance(std::chrono::seconds(1));
  return receipts->front().position;
}

Event Story::event(Position position) const { return need(log_->get(position), "event"); }

Position Story::publish(std::string_view wall, const std::vector<std::string>& claims, const PublishOptions& options) {
  StatementEvent body;
  ++notes_;
  body.note = sha256(fmt::format("note {}", notes_));
  body.article.ordinal = 1;
  body.article.title = fmt::format("Article {}", notes_);
  if (!options.outlet.empty()) body.article.outlet = options.outlet;
  body.article.rendition = options.rendition;
  if (!wall.empty()) body.article.published = need(make_published(wall, need(Zone::find(options.zone), options.zone), ZoneSource::kOperator), wall);
  if (!options.observed.empty()) body.article.observed = instant(options.observed);
  if (!options.copy.empty()) body.article.text_hash = sha256(options.copy);
  body.statement.text = options.words.empty() ? "Said." : options.words;
  std::uint64_t begin = 0;
  for (const std::string& line : claims) {
    Claim claim = claim_of(line);
    claim.span = {begin, begin + line.size()};
    begin += line.size() + 1;
    body.reading.claims.push_back(std::move(claim));
    // A number before each word: two statements with the same claims are not in the same words.
    if (options.words.empty())
      for (const std::string& word : split(line, ' ')) body.statement.text += fmt::format(" {} {}", notes_, word);
  }
  body.statement.span = {0, std::max<std::uint64_t>(begin, body.statement.text.size())};
  body.statement.text.resize(body.statement.span.size());
  for (Claim& claim : body.reading.claims) claim.quote = std::string(claim.quote);
  body.interpreter = interpreter_of(options.interpreter);
  return append(std::move(body));
}

Position Story::withdraw(Position statement, std::string_view wall, std::string_view because) {
  Withdrawal body;
  body.about = Target::of_event(event(statement).id);
  body.published = need(make_published(wall, Zone::utc(), ZoneSource::kOperator), wall);
  body.because = because;
  return append(std::move(body));
}

Position Story::retract(Position position, std::string_view because) {
  return append(Retraction{Target::of_event(event(position).id), std::string(because), {}});
}
Position Story::retract_article(Position position, std::string_view because) {
  const auto body = std::get<StatementEvent>(event(position).body);
  return append(Retraction{Target::of_article(body.note, body.article.ordinal), std::string(because), {}});
}
Position Story::retract_note(Position position, std::string_view because) {
  const auto body = std::get<StatementEvent>(event(position).body);
  return append(Retraction{Target::of_note(body.note), std::string(because), {}});
}

Position Story::date(Position position, std::string_view wall, std::string_view zone) {
  const auto statement = std::get<StatementEvent>(event(position).body);
  Amendment body;
  body.about = Target::of_article(statement.note, statement.article.ordinal);
  body.published = need(make_published(wall, need(Zone::find(zone), zone), ZoneSource::kOperator), wall);
  body.because = "dated";
  return append(std::move(body));
}

Position Story::rename_outlet(Position position, std::string_view outlet) {
  const auto statement = std::get<StatementEvent>(event(position).body);
  Amendment body;
  body.about = Target::of_article(statement.note, statement.article.ordinal);
  body.outlet = std::string(outlet);
  body.because = "misprinted";
  return append(std::move(body));
}

Position Story::reread(Position position, std::string_view interpreter, const std::vector<std::string>& claims) {
  Reinterpretation body;
  body.about = event(position).id;
  body.interpreter = interpreter_of(interpreter);
  for (const std::string& line : claims) body.reading.claims.push_back(claim_of(line));
  // A version that has read it anew before reads it under another lexicon now: an event of its own, after the interpreter's newest.
  bool again = false;
  EventId newest{};
  for (Position at{position.value + 1}; at <= log_->last(); ++at.value) {
    const Event earlier = event(at);
    const auto* reading = std::get_if<Reinterpretation>(&earlier.body);
    if (reading == nullptr || reading->about != body.about || reading->interpreter.name != body.interpreter.name) continue;
    newest = earlier.id;
    again = again || reading->interpreter == body.interpreter;
  }
  if (again) body.after = newest;
  return append(std::move(body));
}

Position Story::accept(Position position, std::optional<std::uint32_t> claim, std::string_view interpreter) {
  Review body;
  body.about = event(position).id;
  body.claim = claim;
  body.interpreter = interpreter_of(interpreter);
  body.verdict = Verdict::kAccept;
  body.because = fmt::format("read again {}", log_->last().value);
  return append(std::move(body));
}
Position Story::reject(Position position, std::optional<std::uint32_t> claim, std::string_view interpreter) {
  Review body;
  body.about = event(position).id;
  body.claim = claim;
  body.interpreter = interpreter_of(interpreter);
  body.verdict = Verdict::kReject;
  body.because = fmt::format("misread {}", log_->last().value);
  return append(std::move(body));
}
Position Story::amend(Position position, std::uint32_t claim, std::string_view to, std::string_view interpreter) {
  Review body;
  body.about = event(position).id;
  body.claim = claim;
  body.interpreter = interpreter_of(interpreter);
  body.verdict = Verdict::kAmend;
  body.amended = claim_of(to);
  body.because = fmt::format("corrected {}", log_->last().value);
  return append(std::move(body));
}

Position Story::fact(std::string_view line) {
  const auto words = split(line, ' ');
  if (words.size() < 2) wrong(line, "expected ID KIND …");
  static const std::map<std::string, EntityKind> kKinds = {{"company", EntityKind::kCompany}, {"product", EntityKind::kProduct},
                                                           {"family", EntityKind::kFamily},   {"class", EntityKind::kProductClass},
                                                           {"agency", EntityKind::kAgency},   {"person", EntityKind::kPerson},
                                                           {"country", EntityKind::kCountry}, {"exchange", EntityKind::kExchange}};
  const auto kind = kKinds.find(words[1]);
  if (kind == kKinds.end()) wrong(line, "no such kind of entity");
  LexiconFact body;
  body.entity.id = words[0];
  body.entity.kind = kind->second;
  body.entity.name = words[0];
  for (std::size_t i = 2; i < words.size(); ++i) {
    const std::size_t equal = words[i].find('=');
    const std::string name = words[i].substr(0, equal);
    const std::string value = equal == std::string::npos ? "" : words[i].substr(equal + 1);
    if (name == "family") body.entity.family = value;
    else if (name == "vendor") body.entity.vendor = value;
    else if (name == "name") body.entity.name = spaced(value);
    else if (name == "alias") for (const std::string& alias : split(value, ';')) body.entity.aliases.push_back(spaced(alias));
    else if (name == "tag") body.entity.tags.push_back(value);
    else if (name == "rules") body.entity.inherits_rules = value != "no";
    else wrong(line, "no field " + name);
  }
  return append(std::move(body));
}

Ledger Story::ledger() const { return need(Ledger::load(*log_, log_->last()), "ledger"); }

Bounds Story::bounds(std::string_view options) const {
  BoundsText text;
  const auto words = split(options, ' ');
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto value = [&] { return i + 1 < words.size() ? words[++i] : std::string(); };
    if (words[i] == "--as-of") text.as_of = value();
    else if (words[i] == "--published-by") text.published_by = value();
    else if (words[i] == "--recorded-by") text.recorded_by = value();
    else if (words[i] == "--valid-at") text.valid_at = value();
    else if (words[i] == "--clock") text.clock = value();
    else if (words[i] == "--undated") text.undated = value();
    else if (words[i] == "--reviewed") text.reviewed = true;
    else if (words[i] == "--interpreter") text.interpreter = value();
    else wrong(options, "no option " + words[i]);
  }
  return need(resolve_bounds(text, zone_, clock_.now()), options);
}

State Story::ask(std::string_view projection, std::string_view key, const Bounds& bounds) const {
  const Projection* which = find_projection(projection);
  if (which == nullptr) wrong(projection, "no such projection");
  State answer = ledger().state(*which, key, bounds);
  const Oracle oracle = need(Oracle::read(*log_), "oracle");
  const State expected = oracle.state(projection, key, bounds);
  INFO("asked " << projection << " " << key);
  CHECK(describe(answer) == describe(expected));
  CHECK(answer == expected);
  return answer;
}

std::string Story::state(std::string_view projection, std::string_view key, std::string_view options) const {
  return describe(ask(projection, key, bounds(options)));
}

std::string tell(std::string_view text) {
  Story story;
  std::string out;
  std::istringstream in{std::string(text)};
  // What is to be published, once all its claims are read.
  struct Draft {
    bool open = false;
    std::string wall;
    PublishOptions options;
    std::vector<std::string> claims;
    std::string label;
  } draft;
  std::map<std::string, Position> labels;
  const auto publish = [&] {
    if (!draft.open) return;
    labels[draft.label] = story.publish(draft.wall, draft.claims, draft.options);
    draft = {};
  };
  const auto labelled = [&](const std::string& label, const std::string& line) {
    const auto at = labels.find(label);
    if (at == labels.end()) wrong(line, "no event is called " + label);
    return at->second;
  };
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with("#")) {
      out += line + "\n";
      continue;
    }
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    std::string rest;
    std::getline(words >> std::ws, rest);
    const auto parts = split(rest, ' ');
    const auto part = [&](std::size_t i) {
      if (i >= parts.size()) wrong(line, "expected more words");
      return parts[i];
    };
    if (verb != "says") publish();
    if (verb != "ask") out += line + "\n";
    if (verb == "publish") {  // publish LABEL WALL|undated [outlet=…] [zone=…] [copy=…] [observed=…]
      draft.open = true;
      draft.label = part(0);
      draft.wall = part(1) == "undated" ? "" : part(1);
      for (std::size_t i = 2; i < parts.size(); ++i) {
        const std::size_t equal = parts[i].find('=');
        const std::string name = parts[i].substr(0, equal);
        const std::string value = parts[i].substr(equal + 1);
        if (name == "outlet") draft.options.outlet = spaced(value);
        else if (name == "zone") draft.options.zone = value;
        else if (name == "copy") draft.options.copy = value;
        else if (name == "observed") draft.options.observed = value;
        else wrong(line, "no option " + name);
      }
    } else if (verb == "says") {
      draft.claims.push_back(rest);
    } else if (verb == "fact") {
      story.fact(rest);
    } else if (verb == "clock") {
      story.at(part(0));
    } else if (verb == "withdraw") {  // withdraw LABEL WALL
      story.withdraw(labelled(part(0), line), part(1));
    } else if (verb == "retract") {  // retract LABEL [as LABEL]
      const Position position = story.retract(labelled(part(0), line), line);
      if (parts.size() > 2) labels[part(2)] = position;
    } else if (verb == "date") {  // date LABEL WALL
      story.date(labelled(part(0), line), part(1));
    } else if (verb == "reject" || verb == "accept") {  // reject LABEL CLAIM
      const auto claim = static_cast<std::uint32_t>(std::stoul(part(1)));
      if (verb == "reject") story.reject(labelled(part(0), line), claim);
      else story.accept(labelled(part(0), line), claim);
    } else if (verb == "ask") {  // ask PROJECTION KEY [options]
      out += line + "\n";
      std::string options;
      for (std::size_t i = 2; i < parts.size(); ++i) options += parts[i] + " ";
      std::istringstream answer(story.state(part(0), spaced(part(1)), options));
      for (std::string said; std::getline(answer, said);) out += "  | " + said + "\n";
    } else {
      wrong(line, "no such verb");
    }
  }
  publish();
  return out;
}

}  // namespace annals::support
