#include "tests/support/sample_events.h"

#include <fmt/format.h>

namespace annals::samples {
namespace {

Instant instant(std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); }
Civil civil(int year, unsigned month, unsigned day) {
  return Civil(date::local_days(date::year(year) / static_cast<int>(month) / static_cast<int>(day)));
}

Published published() {
  return {"2025-12-09T06:31", Precision::kMinute, "UTC", ZoneSource::kOperator, instant(1765261860), instant(1765261920)};
}

Claim rate_claim() {
  Claim claim;
  claim.type = ClaimType::kRevenueShare;
  claim.modality = Modality::kReported;
  claim.attribution = Attribution::kNamed;
  claim.aspect = Aspect::kBegins;
  claim.speakers = {"发言人甲", "某部门"};
  claim.when = When{"2025-08", civil(2025, 8, 1), civil(2025, 9, 1), Grain::kMonth};
  claim.said_at = When{"2025-12-08", civil(2025, 12, 8), civil(2025, 12, 9), Grain::kDay};
  claim.span = {130, 172};
  claim.quote = "须上缴销售额的一成五";
  claim.rule = "share.of_sales";
  claim.slots.push_back({"product", EntityRef{"h20", "H20芯片", true}});
  claim.slots.push_back({"payees", std::vector<EntityRef>{{"us_government", "华府", true}, {"某署", "某署", false}}});
  claim.slots.push_back({"rate", Amount{0.15, std::nullopt, Comparator::kEqual, ""}});
  claim.slots.push_back({"raised", Amount{1.5e9, 2e9, Comparator::kRange, "HKD"}});
  claim.slots.push_back({"status", std::string("required")});
  return claim;
}

Reading full_reading() {
  Reading reading;
  reading.speakers = {"发言人甲"};
  reading.modality = Modality::kReported;
  reading.attribution = Attribution::kNamed;
  reading.times.push_back({"今年8月", {104, 113}, civil(2025, 8, 1), civil(2025, 9, 1), Grain::kMonth, TimeMod::kSince, false, true, "2025-08"});
  reading.times.push_back({"FY2026 Q2", {120, 129}, std::nullopt, std::nullopt, Grain::kQuarter, TimeMod::kNone, true, false, "FY2026-Q2"});
  reading.quantities.push_back({"15%", {150, 153}, QuantityKind::kPercent, 15, std::nullopt, Comparator::kGreaterEqual, "%", "", Basis::kYearOnYear});
  reading.quantities.push_back({"3至5亿港元", {155, 169}, QuantityKind::kMoney, 3e8, 5e8, Comparator::kRange, "", "HKD", Basis::kLevel});
  reading.entities.push_back({"h20", "H20芯片", {131, 140}, EntityKind::kProduct});
  reading.entities.push_back({"", "某署", {141, 147}, EntityKind::kOther});
  reading.claims.push_back(rate_claim());
  Claim bare;
  bare.type = ClaimType::kScheduledEvent;
  bare.modality = Modality::kPlanned;
  bare.aspect = Aspect::kTarget;
  bare.when = When{"2026-01-28/..", civil(2026, 1, 28), std::nullopt, Grain::kDay};
  bare.span = {100, 180};
  reading.claims.push_back(bare);
  return reading;
}

StatementEvent full_statement() {
  StatementEvent event;
  event.note = digest_of(0x11);
  event.article.ordinal = 2;
  event.article.title = "芯片外銷新規的三個疑問";
  event.article.outlet = "南岸日報";
  event.article.author = "林一";
  event.article.carrier = "某券商";
  event.article.link = "https://example.org/a?b=1";
  event.article.rendition = Rendition::kSummary;
  event.article.language = Language::kZhHant;
  event.article.published = published();
  event.article.observed = instant(1765270000);
  event.article.text_hash = digest_of(0x12);
  event.statement.span = {100, 180};
  event.statement.text = "发言人甲表示，自今年8月起，H20芯片的卖方须上缴销售额的一成五。";
  event.statement.heading = "背景";
  event.statement.heading_span = {90, 96};
  event.statement.block = BlockKind::kBullet;
  event.statement.paragraph = 7;
  event.interpreter = {"annals", 3};
  event.lexicon_version = "0123abcd";
  event.reading = full_reading();
  return event;
}

class Lines {
 public:
  template <class... T>
  void add(std::string_view name, fmt::format_string<T...> format, T&&... values) {
    out_ += fmt::format("{}{}: {}\n", prefix_, name, fmt::format(format, std::forward<T>(values)...));
  }
  template <class Body>
  void below(const std::string& name, Body body) {
    const std::string outer = prefix_;
    prefix_ += name + ".";
    body();
    prefix_ = outer;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string prefix_;
  std::string out_;
};

std::string quoted(const std::string& text) { return "\"" + text + "\""; }
std::string quoted(const std::optional<std::string>& text) { return text ? quoted(*text) : "-"; }
std::string joined(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + quoted(text);
  return out + "]";
}
std::string wall(const std::optional<Civil>& time) { return time ? format_civil(*time) : "open"; }
std::string span(ByteSpan bytes) { return fmt::format("[{}, {})", bytes.begin, bytes.end); }
std::string number(double value) { return fmt::format("{}", value); }
std::string number(const std::optional<double>& value) { return value ? number(*value) : "-"; }
// Numbers, not names: the test is about what is stored.
template <class E>
int code(E value) {
  return static_cast<int>(value);
}

struct Describe {
  Lines& lines;

  void when(std::string_view name, const std::optional<When>& time) const {
    if (!time) return lines.add(name, "-");
    lines.add(name, "{} from {} to {} grain {}", quoted(time->iso), wall(time->from), wall(time->to), code(time->grain));
  }
  static std::string entity(const EntityRef& ref) { return fmt::format("{} {} known {}", quoted(ref.id), quoted(ref.text), ref.known); }
  void claim(const Claim& c) const {
    lines.add("type", "{}", code(c.type));
    lines.add("modality", "{} attribution {} aspect {}", code(c.modality), code(c.attribution), code(c.aspect));
    lines.add("speakers", "{}", joined(c.speakers));
    when("when", c.when);
    when("said_at", c.said_at);
    lines.add("span", "{}", span(c.span));
    lines.add("quote", "{}", quoted(c.quote));
    lines.add("rule", "{}", quoted(c.rule));
    for (const Slot& slot : c.slots) {
      std::string value;
      if (const auto* one = std::get_if<EntityRef>(&slot.value)) value = "entity " + entity(*one);
      if (const auto* many = std::get_if<std::vector<EntityRef>>(&slot.value)) {
        value = "entities";
        for (const EntityRef& ref : *many) value += " {" + entity(ref) + "}";
      }
      if (const auto* a = std::get_if<Amount>(&slot.value)) {
        value = fmt::format("amount {} high {} comparator {} unit {}", number(a->value), number(a->high), code(a->comparator), quoted(a->unit));
      }
      if (const auto* text = std::get_if<std::string>(&slot.value)) value = "text " + quoted(*text);
      lines.add("slot " + slot.name, "{}", value);
    }
  }
  void claims(const std::vector<Claim>& all_claims) const {
    for (std::size_t i = 0; i < all_claims.size(); ++i) lines.below(fmt::format("claim{}", i), [&] { claim(all_claims[i]); });
  }
  void reading(const Reading& r) const {
    lines.add("speakers", "{}", joined(r.speakers));
    lines.add("modality", "{} attribution {}", code(r.modality), code(r.attribution));
    for (const TimeMention& t : r.times) {
      lines.add("time", "{} {} from {} to {} grain {} mod {} fiscal {} relative {} iso {}", quoted(t.text), span(t.span), wall(t.from), wall(t.to),
                code(t.grain), code(t.mod), t.fiscal, t.relative, quoted(t.iso));
    }
    for (const Quantity& q : r.quantities) {
      lines.add("quantity", "{} {} kind {} value {} high {} comparator {} unit {} currency {} basis {}", quoted(q.text), span(q.span), code(q.kind),
                number(q.value), number(q.high), code(q.comparator), quoted(q.unit), quoted(q.currency), code(q.basis));
    }
    for (const EntityMention& e : r.entities) lines.add("entity", "{} {} {} kind {}", quoted(e.id), quoted(e.text), span(e.span), code(e.kind));
    claims(r.claims);
    for (const std::uint32_t ordinal : r.unknown_claims) lines.add("unknown claim", "{}", ordinal);
  }
  void published(const std::optional<Published>& p) const {
    if (!p) return lines.add("published", "-");
    lines.add("published", "{} precision {} zone {} source {} earliest {} known_from {}", quoted(p->wall), code(p->precision), quoted(p->zone),
              code(p->zone_source), format_utc(p->earliest), format_utc(p->known_from));
  }
  void target(const Target& t) const {
    lines.add("about", "{} event {} note {} article {}", code(t.kind), t.event.hex(), t.note.hex(), t.article);
  }
  void interpreter(const InterpreterId& id) const { lines.add("interpreter", "{}", id.text()); }

  void operator()(const NoteArrival& e) const {
    lines.add("note", "{}", e.note.hex());
    lines.add("size", "{} encoding {} articles {} statements {}", e.size, code(e.encoding), e.articles, e.statements);
    lines.add("format", "{}", quoted(e.format));
    lines.add("origin", "{}", quoted(e.origin));
  }
  void operator()(const StatementEvent& e) const {
    lines.add("note", "{}", e.note.hex());
    lines.add("article", "{} rendition {} language {}", e.article.ordinal, code(e.article.rendition), code(e.article.language));
    lines.add("title", "{}", quoted(e.article.title));
    lines.add("outlet", "{} author {} carrier {} link {}", quoted(e.article.outlet), quoted(e.article.author), quoted(e.article.carrier),
              quoted(e.article.link));
    published(e.article.published);
    lines.add("observed", "{}", e.article.observed ? format_utc(*e.article.observed) : "-");
    lines.add("text_hash", "{}", e.article.text_hash.hex());
    lines.add("span", "{} block {} paragraph {}", span(e.statement.span), code(e.statement.block), e.statement.paragraph);
    lines.add("text", "{}", quoted(e.statement.text));
    lines.add("heading", "{} {}", quoted(e.statement.heading), span(e.statement.heading_span));
    interpreter(e.interpreter);
    lines.add("lexicon_version", "{}", quoted(e.lexicon_version));
    lines.below("reading", [&] { reading(e.reading); });
  }
  void operator()(const Reinterpretation& e) const {
    lines.add("about", "{}", e.about.hex());
    interpreter(e.interpreter);
    lines.add("lexicon_version", "{}", quoted(e.lexicon_version));
    if (!e.after.none()) lines.add("after", "{}", e.after.hex());
    lines.below("reading", [&] { reading(e.reading); });
  }
  void operator()(const Amendment& e) const {
    target(e.about);
    lines.add("outlet", "{}", quoted(e.outlet));
    published(e.published);
    lines.add("because", "{}", quoted(e.because));
    lines.add("after", "{}", e.after.hex());
  }
  void operator()(const Withdrawal& e) const {
    target(e.about);
    lines.add("outlet", "{}", quoted(e.outlet));
    published(e.published);
    lines.add("because", "{}", quoted(e.because));
    lines.add("after", "{}", e.after.hex());
  }
  void operator()(const Retraction& e) const {
    target(e.about);
    lines.add("because", "{}", quoted(e.because));
    lines.add("after", "{}", e.after.hex());
  }
  void operator()(const Review& e) const {
    lines.add("about", "{} claim {}", e.about.hex(), e.claim ? std::to_string(*e.claim) : "all");
    interpreter(e.interpreter);
    lines.add("verdict", "{}", code(e.verdict));
    if (e.amended) lines.below("amended", [&] { claim(*e.amended); });
    lines.add("because", "{}", quoted(e.because));
    lines.add("after", "{}", e.after.hex());
  }
  void operator()(const LexiconFact& e) const {
    const Entity& x = e.entity;
    lines.add("entity", "{} kind {} name {} family {} vendor {} country {} inherits {}", quoted(x.id), code(x.kind), quoted(x.name), quoted(x.family),
              quoted(x.vendor), quoted(x.country), x.inherits_rules);
    lines.add("aliases", "{}", joined(x.aliases));
    lines.add("tags", "{}", joined(x.tags));
    lines.add("tickers", "{}", joined(x.tickers));
    lines.add("after", "{}", e.after.hex());
    if (e.by_hand) lines.add("by_hand", "true");
  }
  void operator()(const Erasure& e) const {
    lines.add("note", "{} level {}", e.note.hex(), code(e.level));
    if (e.about) target(*e.about);
    lines.add("because", "{}", quoted(e.because));
    for (const KeptClaims& kept : e.kept) {
      lines.below("kept", [&] {
        lines.add("event", "{} text_hash {}", kept.event.hex(), kept.text_hash.hex());
        lines.add("title", "{}", quoted(kept.title));
        lines.add("outlet", "{} author {} carrier {} link {}", quoted(kept.outlet), quoted(kept.author), quoted(kept.carrier), quoted(kept.link));
        claims(kept.claims);
        for (const Digest& subject : kept.subjects) lines.add("subject", "{}", subject.hex());
        if (!kept.because.empty()) lines.add("because", "{}", quoted(kept.because));
      });
    }
  }
};

}  // namespace

Digest digest_of(std::uint8_t byte) {
  Digest out;
  out.bytes.fill(byte);
  return out;
}

StatementEvent plain_statement(std::uint8_t note, std::uint32_t n, std::string text) {
  StatementEvent event;
  event.note = digest_of(note);
  event.statement.span = {std::uint64_t{n} * 1000, std::uint64_t{n} * 1000 + text.size()};
  event.statement.text = std::move(text);
  event.interpreter = {"annals", 1};
  return event;
}

std::vector<Sample> all() {
  std::vector<Sample> out;
  out.push_back({"note-full", "ingest", NoteArrival{digest_of(0x11), 4321, "digest-page", Encoding::kGb18030, "inbox/早报.txt", 3, 41}});
  out.push_back({"note-bare", "", NoteArrival{digest_of(0x13), 0, "", Encoding::kUtf8, "", 0, 0}});
  out.push_back({"statement-full", "ingest", full_statement()});
  StatementEvent undated = plain_statement(0x13, 1, "The board has not decided anything yet.");
  undated.article.language = Language::kEn;
  out.push_back({"statement-undated", "ingest", undated});
  out.push_back({"reinterpretation-full", "reread", Reinterpretation{digest_of(0x21), {"annals", 4}, "4567", full_reading()}});
  out.push_back({"reinterpretation-empty", "reread", Reinterpretation{digest_of(0x21), {"outside", 1}, "", {}}});
  out.push_back({"amendment-of-article", "王五", Amendment{Target::of_article(digest_of(0x11), 2), "南岸晚报", published(), "页眉写明", digest_of(0x22)}});
  out.push_back({"amendment-bare", "", Amendment{Target::of_article(digest_of(0x11), 1), std::nullopt, std::nullopt, "", {}}});
  out.push_back({"withdrawal-of-statement", "desk", Withdrawal{Target::of_event(digest_of(0x23)), "南岸日報", published(), "刊出更正", digest_of(0x24)}});
  out.push_back({"retraction-of-note", "desk", Retraction{Target::of_note(digest_of(0x11)), "wrong file", digest_of(0x25)}});
  out.push_back({"retraction-of-event", "desk", Retraction{Target::of_event(digest_of(0x26)), "", {}}});
  out.push_back({"review-amend", "Lee", Review{digest_of(0x27), 1, {"annals", 3}, Verdict::kAmend, rate_claim(), "率は誤り", digest_of(0x28)}});
  out.push_back({"review-all", "Lee", Review{digest_of(0x27), std::nullopt, {"annals", 3}, Verdict::kReject, std::nullopt, "", {}}});
  Entity product;
  product.id = "b200";
  product.kind = EntityKind::kProduct;
  product.name = "B200";
  product.aliases = {"B200", "B200晶片"};
  product.tickers = {"NONE.US"};
  product.family = "blackwell";
  product.inherits_rules = false;
  product.vendor = "nvidia";
  product.country = "us";
  product.tags = {"chip", "server"};
  out.push_back({"lexicon-full", "ingest", LexiconFact{product, digest_of(0x29)}});
  Entity office;
  office.id = office.name = "某署";
  out.push_back({"lexicon-bare", "ingest", LexiconFact{office, {}}});
  out.push_back({"erasure-text", "officer",
                 Erasure{digest_of(0x11), ErasureLevel::kText, "court order 7",
                         {{digest_of(0x2a), "题", "南岸日報", "林一", "某券商", "https://example.org/", digest_of(0x2b), {rate_claim()}},
                          {digest_of(0x2c), "", std::nullopt, std::nullopt, std::nullopt, std::nullopt, {}, {}}}}});
  out.push_back({"erasure-all", "officer", Erasure{digest_of(0x13), ErasureLevel::kAll, "", {}}});
  out.push_back({"note-json", "ingest", NoteArrival{digest_of(0x14), 9, "jsonl", Encoding::kJsonEscapes, "-", 1, 1}});
  out.push_back({"reinterpretation-again", "reread", Reinterpretation{digest_of(0x21), {"annals", 4}, "89ab", {}, digest_of(0x2e)}});
  Entity added;
  added.id = "quartz";
  added.kind = EntityKind::kFamily;
  added.name = "Quartz";
  added.aliases = {"Quartz", "石英系列"};
  out.push_back({"lexicon-by-hand", "desk", LexiconFact{added, digest_of(0x2f), true}});
  out.push_back({"erasure-of-article", "officer",
                 Erasure{digest_of(0x11), ErasureLevel::kAll, "court order 8",
                         {{digest_of(0x2a), "", std::nullopt, std::nullopt, std::nullopt, std::nullopt, {}, {}, {digest_of(0x30), digest_of(0x31)}, {}},
                          {digest_of(0x32), "", std::nullopt, std::nullopt, std::nullopt, std::nullopt, {}, {}, {}, "court order 7"}},
                         Target::of_article(digest_of(0x11), 2)}});
  return out;
}

std::vector<Sample> appended() {
  std::vector<Sample> out = all();
  std::erase_if(out, [](const Sample& sample) { return std::holds_alternative<Erasure>(sample.body); });
  return out;
}

std::string describe(const Event& event) {
  Lines lines;
  lines.add("position", "{}", event.position.value);
  lines.add("kind", "{}", event_kind_name(event.kind()));
  lines.add("id", "{}", event.id.hex());
  lines.add("recorded_at", "{}", format_utc(event.recorded_at));
  lines.add("actor", "{}", quoted(event.actor));
  if (event.erased) lines.add("erased", "{}", event.erased->value);
  std::visit(Describe{lines}, event.body);
  return lines.take();
}

}  // namespace annals::samples
