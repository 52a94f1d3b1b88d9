#pragma once
// What a rule sees of one statement: its sentence, who speaks, and what the rest of the article is about; with the questions that
// rules of every kind ask: how is this meant, when, about which product, whose company.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/claim/claim.h"
#include "engine/claim/sentence.h"
#include "engine/claim/sources.h"
#include "engine/statement/statement.h"

namespace annals {

// What an article is about: where a pronoun or a bare "the company" leads.
struct ArticleContext {
  const Lexicon* lexicon = nullptr;
  const ArticleHead* head = nullptr;
  std::optional<Civil> published;                 // wall time of publication, where known
  std::optional<Name> company;                    // of the title, else the most named
  std::optional<Name> product;
  std::optional<TimeMention> title_time;          // a span the title sets for the whole article: "next week (1 to 7 March)"
  bool company_clear = false;                     // the title names that company, or most mentions of companies are of it
  bool product_clear = false;                     // the title names that product, or there is hardly another
  bool about_export = false;                      // the article is about what one country lets another have
  bool english = false;
  std::string title;                              // folded
};

// What the statements before this one spoke of: where 该芯片, and a figure without a subject, lead. A heading begins anew.
struct Told {
  std::optional<Name> product;   // first named of the last statement that names one
  std::optional<Name> company;
  std::optional<When> session;   // the day whose prices were told last
};

// How a stretch of a sentence is meant.
struct Stance {
  bool negated = false;      // a negation right before it
  bool denied = false;       // a denial holds it
  bool stopped = false;      // it was stopped
  bool forecast = false;
  bool planned = false;
  bool will = false;         // 将, will: a plan, or an announced act
  bool condition = false;
  bool past = false;
  bool present = false;
  bool perfect = false;
  bool after = false;        // "after it was …": presupposed
  bool question = false;     // asked, or left open by 是否
};

// A claim on its way: where it stands, before ids and spans of the note are put in.
struct Draft {
  Claim claim;
  Range trigger;       // the word that made it
  Range extent;        // what its quote has to cover; grows with the slots
  bool presupposed = false;  // told in passing: counts only where no fuller claim says it
};

struct Scene {
  const Sentence& sentence;
  const ArticleContext& article;
  const std::vector<SourceScope>& sources;
  const Sentence* heading = nullptr;   // nearest heading above
  std::size_t group = 0;               // the rule's words
  bool title = false;                  // this is a title or a heading itself
  bool minutes = false;                // an answer of minutes: an unnamed expert speaks
  const Told* told = nullptr;          // null: nothing comes before

  const std::vector<WordHit>& words() const { return sentence.words(group); }
};

Stance stance_of(const Scene& scene, Range trigger);

// Fills modality, attribution, speakers, said_at and aspect. `standing` is the aspect where nothing else is said;
// `will_acts`: 将 and will announce an act of their own authority and make no plan of it.
void settle(const Scene& scene, Draft& draft, Stance stance, Aspect standing, bool will_acts = false);

// The time that governs `at`: in its clause, nearest and rather before it; else one that opens an earlier clause of the sentence.
const TimeAt* time_of(const Scene& scene, Range at);
// A day at least, or a clock time whose day is written with it.
bool has_date(const TimeMention& time);
// A time as claims of that kind tell it: days without clocks, and, but for rules, the date alone of "as of" and "since".
When claim_when(const TimeMention& time, ClaimType type);
void set_when(const Scene& scene, Draft& draft);
// A date without a year told as done ("in February", 3月3日…挂牌) lies behind the article, though the nearest such day is ahead.
void look_back(const Scene& scene, Draft& draft, const TimeMention& time, const Stance& stance);
// In English: the run of capitalised words that is the subject of the clause, where the lexicon has no name there.
std::optional<EntityRef> capital_name_before(const Scene& scene, Range trigger, Range* at);

// A class that trade rules are made about: chips and the machines that make them, not home-made ones, not "servers".
bool is_traded_class(const Sentence& sentence, const Name& name);

// Products that play one part with the nearest one to `trigger`: in its clause after it or before it, as `after_first` says; else
// earlier in the sentence, else later. Empty: none is named in the statement. Classes only where no product itself is named.
std::vector<const Name*> products_near(const Scene& scene, Range trigger, bool after_first);
// As a slot: the lexicon's id with the words as written. Class names get the words that narrow them (高端AI芯片).
EntityRef ref_of(const Name& name);

// The company that does what `trigger` says: named before it in the clause, by 公司/其 in the article, earlier in the statement.
const Name* company_before(const Scene& scene, Range trigger);
// A company whose name the lexicon lacks, read from its place before a verb: in quotation marks, with a suffix that firms bear, in
// Latin letters, or a short word right before what firms do. None: nothing that looks like the name of a firm.
std::optional<EntityRef> unknown_name_before(const Scene& scene, Range trigger, Range* at);

// The maker of a product: named beside it, else the lexicon's.
std::optional<EntityRef> vendor_of(const Scene& scene, const Name& product);
std::optional<EntityRef> entity_ref(const ArticleContext& article, std::string_view id);

void cover(Draft& draft, Range range);

// One rule for a kind of claim. Rules have no state: calls from many threads are fine.
class Rule {
 public:
  virtual ~Rule() = default;
  virtual ClaimType type() const = 0;
  virtual std::span<const WordRow> words() const = 0;
  virtual void read(const Scene& scene, std::vector<Draft>& out) const = 0;

 protected:
  Draft draft(std::string_view rule, Range trigger) const {
    Draft made;
    made.claim.type = type();
    made.claim.rule = rule;
    made.trigger = trigger;
    made.extent = trigger;
    return made;
  }
};

}  // namespace annals
