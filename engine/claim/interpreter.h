#pragma once
// The part that reads statements into claims. The engine's own is "annals"; outside programs can be interpreters too.

#include <optional>
#include <string>
#include <vector>

#include "engine/claim/claim.h"
#include "engine/statement/statement.h"

namespace annals {

struct InterpreterId {
  std::string name;        // "annals"
  std::uint32_t version = 1;
  std::string text() const { return name + "/" + std::to_string(version); }
  friend auto operator<=>(const InterpreterId&, const InterpreterId&) = default;
};

// What an interpreter takes out of one statement. Spans are of the note.
struct Reading {
  std::vector<std::string> speakers;             // of the statement, nearest first
  Modality modality = Modality::kAsserted;       // of the statement as a whole
  Attribution attribution = Attribution::kOwn;
  std::vector<TimeMention> times;
  std::vector<Quantity> quantities;
  std::vector<EntityMention> entities;
  std::vector<Claim> claims;
  // Ordinals of stored claims that a newer program wrote and this one does not know; `claims` has the others, in order. Rising.
  std::vector<std::uint32_t> unknown_claims;
};

class Interpreter {
 public:
  virtual ~Interpreter() = default;
  virtual InterpreterId id() const = 0;
  // One reading per statement of the article, in order. The whole article, because sentences lean on each other ("the company",
  // "he added") and because a headline is not counted twice. Pure: same article, same readings. Calls from many threads are fine.
  virtual std::vector<Reading> read(const ArticleText& article) const = 0;
};

// The engine's own reader, made of rules about language and the lexicon. `lexicon` must outlive it. `zone` resolves wall times of
// articles without a zone of their own.
class RuleInterpreter final : public Interpreter {
 public:
  static constexpr std::uint32_t kVersion = 6;  // raise when the same article may be read otherwise
  explicit RuleInterpreter(const Lexicon& lexicon) : lexicon_(lexicon) {}
  InterpreterId id() const override { return {"annals", kVersion}; }
  std::vector<Reading> read(const ArticleText& article) const override;

 private:
  const Lexicon& lexicon_;
};

}  // namespace annals
