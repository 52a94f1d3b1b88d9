#pragma once
// A lexicon as data: what a YAML file says, before it becomes something to look names up in. The schema is
// lexicon/README.md.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/language/lexicon.h"

namespace annals {

// One surface form and when it counts.
struct NameRule {
  std::string text;
  bool exact = false;  // upper and lower case as written: Meta, US
  bool weak = false;   // for look-ups only, never found in running text
  std::vector<std::string>
      after;  // the text right before it must end in one of these (a blank between them is overlooked)
  std::vector<std::string> before;      // the text right behind it must begin with one of these
  std::vector<std::string> not_after;   // … must not
  std::vector<std::string> not_before;  // … must not
  std::vector<std::string> near;        // one of these within kNearBytes on either side
  bool has_context() const { return !after.empty() || !before.empty() || !near.empty(); }
  friend bool operator==(const NameRule&, const NameRule&) = default;
};
inline constexpr std::size_t kNearBytes = 120;  // of folded text: about 40 Han characters

struct EntityEntry {
  Entity entity;                // aliases hold the texts of `names`
  std::vector<NameRule> names;  // the canonical name first
  // Which fields the file gives, so that a later file changes only those.
  bool has_kind = false;
  bool has_name = false;
  bool renames = false;  // by `name:`; a list alone adds names
  bool has_inherits = false;
  std::string where;  // file:line:column, for messages
};

// kInvalid: "where:line:column: expected …, found …" for broken YAML, unknown keys or kinds, ids of a wrong shape, an
// id or a name given twice.
Result<std::vector<EntityEntry>> parse_lexicon(std::string_view yaml, std::string_view where);

// Puts `more` over `entries` (sorted by id afterwards). kInvalid where a new entity lacks its kind.
Status merge_lexicon(std::vector<EntityEntry>& entries, std::vector<EntityEntry> more);

// Every family, vendor and country named exists; no circle of families; no name without context belongs to two
// entities.
Status check_lexicon(const std::vector<EntityEntry>& entries);

// Every spelling under which a name is looked for, not folded yet: with and without the blank or hyphen between letters
// and digits (RTX 5090, RTX5090, RTX-5090; 昇腾910C, 昇腾 910C), with and without the dot between foreign names. The
// name itself comes first.
std::vector<std::string> spellings(const std::string& name);
// Names a ticker goes by in print: 0700.HK → 0700.HK, 00700.HK, HK0700 … each with its rule.
std::vector<NameRule> ticker_names(const std::string& ticker);

// Compact bytes for the program, made and read by the same version of the code.
std::string encode_lexicon(const std::vector<EntityEntry>& entries);
std::vector<EntityEntry> decode_lexicon(std::string_view bytes);

}  // namespace annals
