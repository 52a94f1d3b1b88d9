// Sentences of the project's own with the claims that are to be read from them, as text that a person can read and compare. A file of
// tests/golden/claims/<kind>/ has, per case, a line "DATE SENTENCE" and, indented, the claims of that kind; ANNALS_GOLDEN=update in the
// environment writes what is read now, to be looked through before it is kept.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "engine/claim/interpreter.h"
#include "engine/claim/kinds.h"
#include "engine/claim/rules/registry.h"

using namespace annals;
namespace fs = std::filesystem;

namespace {

const fs::path kGolden = fs::path(ANNALS_SOURCE_DIR) / "tests" / "golden" / "claims";

std::string number_text(double value) {
  std::ostringstream out;
  out.precision(12);
  out << value;
  return out.str();
}

std::string slot_text(const SlotValue& value) {
  if (const auto* entity = std::get_if<EntityRef>(&value)) return entity->id;
  if (const auto* many = std::get_if<std::vector<EntityRef>>(&value)) {
    std::string out;
    for (const EntityRef& each : *many) out += (out.empty() ? "" : "+") + each.id;
    return out;
  }
  if (const auto* amount = std::get_if<Amount>(&value)) {
    std::string out = amount->comparator == Comparator::kEqual ? "" : std::string(comparator_name(amount->comparator));
    out += number_text(amount->value);
    if (amount->high) out += ".." + number_text(*amount->high);
    return out + amount->unit;
  }
  return std::get<std::string>(value);
}

std::string claim_text(const Claim& claim) {
  std::string out(modality_name(claim.modality));
  out += " " + std::string(aspect_name(claim.aspect)) + " " + std::string(attribution_name(claim.attribution));
  if (!claim.speakers.empty()) {
    out += " (";
    for (std::size_t i = 0; i < claim.speakers.size(); ++i) out += (i == 0 ? "" : " < ") + claim.speakers[i];
    out += ")";
  }
  for (const SlotSpec& spec : claim_kind(claim.type).slots)
    if (const SlotValue* value = claim.slot(spec.name)) out += " " + std::string(spec.name) + "=" + slot_text(*value);
  if (claim.when) out += " @" + claim.when->iso;
  return out;
}

ArticleText one_sentence(const std::string& date, const std::string& sentence, Language language) {
  ArticleText article;
  article.head.language = language;
  Published published;
  published.wall = date;
  published.precision = Precision::kDay;
  article.head.published = published;
  Statement statement;
  statement.text = sentence;
  statement.span = {0, sentence.size()};
  article.statements.push_back(statement);
  return article;
}

std::set<std::string> names_in(const fs::path& folder, const std::string& extension) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (extension.empty() ? entry.is_directory() : entry.path().extension() == extension) names.insert(entry.path().stem().string());
  return names;
}

}  // namespace

TEST_CASE("golden sentences are read into the claims written beside them") {
  const char* mode = std::getenv("ANNALS_GOLDEN");
  const bool update = mode != nullptr && std::string(mode) == "update";
  const RuleInterpreter interpreter(Lexicon::builtin());
  std::size_t cases = 0;
  for (const ClaimKind& kind : claim_kinds()) {
    for (const auto& entry : fs::directory_iterator(kGolden / kind.name)) {
      const std::string script = entry.path().stem().string();
      const Language language = script == "en" ? Language::kEn : script == "zh-Hant" ? Language::kZhHant : Language::kZhHans;
      std::ifstream in(entry.path());
      std::string expected;
      std::string found;
      for (std::string line; std::getline(in, line);) {
        expected += line + "\n";
        if (line.empty() || line.starts_with("  ")) continue;
        ++cases;
        const std::string sentence = line.substr(11);
        const auto readings = interpreter.read(one_sentence(line.substr(0, 10), sentence, language));
        REQUIRE(readings.size() == 1);
        found += line + "\n";
        for (const Claim& claim : readings.front().claims) {
          CHECK(validate_claim(claim).ok());
          CHECK(claim.span.of(sentence) == claim.quote);
          CHECK(claim.rule.starts_with(std::string(claim_kind(claim.type).name) + "/"));
          if (claim.type == kind.type) found += "  " + claim_text(claim) + "\n";
        }
        found += "\n";
      }
      INFO(entry.path());
      if (update) std::ofstream(entry.path()) << found;
      else CHECK(found == expected);
    }
  }
  CHECK(cases >= 40);
}

TEST_CASE("kinds and rules and golden folders agree") {
  std::set<std::string> kinds;
  for (const ClaimKind& kind : claim_kinds()) kinds.insert(std::string(kind.name));
  std::set<std::string> rules;
  for (const auto& rule : make_rules()) {
    CHECK(rules.insert(std::string(claim_kind(rule->type()).name)).second);
    CHECK_FALSE(rule->words().empty());
  }
  CHECK(rules == kinds);
  CHECK(names_in(kGolden, "") == kinds);
  auto files = names_in(fs::path(ANNALS_SOURCE_DIR) / "engine" / "claim" / "rules", ".cc");
  files.erase("registry");
  CHECK(files == kinds);
  auto headers = names_in(fs::path(ANNALS_SOURCE_DIR) / "engine" / "claim" / "rules", ".h");
  headers.erase("registry");
  CHECK(headers == kinds);
  for (const std::string& kind : kinds) CHECK_FALSE(names_in(kGolden / kind, ".txt").empty());
}
