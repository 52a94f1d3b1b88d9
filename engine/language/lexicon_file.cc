#include "engine/language/lexicon_file.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "engine/base/utf8.h"

namespace annals {
namespace {

std::string place(std::string_view where, const YAML::Mark& mark) {
  return mark.is_null() ? std::string(where) : fmt::format("{}:{}:{}", where, mark.line + 1, mark.column + 1);
}

// What stands there, short enough for one line.
std::string found(const YAML::Node& node) {
  if (!node.IsDefined() || node.IsNull()) return "nothing";
  if (node.IsMap()) return "a map";
  if (node.IsSequence()) return "a list";
  const std::string text = node.Scalar();
  return "'" + (text.size() > 40 ? text.substr(0, 40) + "…" : text) + "'";
}

// The reader of one file. Errors leave by exception and stop at parse_lexicon.
struct Wrong {
  Error error;
};

class FileReader {
 public:
  FileReader(std::string_view where, std::vector<EntityEntry>& out) : where_(where), out_(out) {}

  void read(const YAML::Node& root) {
    if (root.IsNull()) return;  // an empty file adds nothing
    if (!root.IsSequence()) wrong(root, "a list of groups (- kind: …)");
    for (const auto& group : root) read_group(group);
  }

 private:
  struct Defaults {
    std::optional<EntityKind> kind;
    std::optional<std::string> family, vendor, country;
    std::optional<bool> inherits_rules;
    std::vector<std::string> tags;
  };

  [[noreturn]] void wrong(const YAML::Node& node, std::string_view expected) const {
    throw Wrong{{ErrorCode::kInvalid,
                 fmt::format("{}: expected {}, found {}", place(where_, node.Mark()), expected, found(node))}};
  }
  [[noreturn]] void say(const YAML::Node& node, std::string_view message) const {
    throw Wrong{{ErrorCode::kInvalid, fmt::format("{}: {}", place(where_, node.Mark()), message)}};
  }

  std::string scalar(const YAML::Node& node, std::string_view expected) const {
    if (!node.IsScalar() || node.Scalar().empty()) wrong(node, expected);
    if (const auto at = find_invalid_utf8(node.Scalar())) say(node, "expected UTF-8, found a broken sequence");
    return node.Scalar();
  }
  std::vector<std::string> scalars(const YAML::Node& node, std::string_view expected) const {
    std::vector<std::string> out;
    if (node.IsScalar()) {
      out.push_back(scalar(node, expected));
    } else if (node.IsSequence()) {
      for (const auto& item : node) out.push_back(scalar(item, expected));
    } else {
      wrong(node, expected);
    }
    return out;
  }
  bool flag(const YAML::Node& node) const {
    const std::string text = scalar(node, "true or false");
    if (text == "true") return true;
    if (text == "false") return false;
    wrong(node, "true or false");
  }
  std::string id(const YAML::Node& node) const {
    const std::string text = scalar(node, "an id");
    const bool fits = std::all_of(text.begin(), text.end(),
                                  [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    if (!fits) wrong(node, "an id of a-z, 0-9 and _");
    return text;
  }
  std::string country(const YAML::Node& node) const {
    const std::string text = scalar(node, "a country code");
    if (text.size() != 2 || text[0] < 'a' || text[0] > 'z' || text[1] < 'a' || text[1] > 'z')
      wrong(node, "a country code of two small letters (us)");
    return text;
  }
  EntityKind kind(const YAML::Node& node) const {
    const auto value = find_entity_kind(scalar(node, "a kind"));
    if (!value) {
      wrong(node,
            "a kind (company, product, family, class, exchange, agency, person, country, region, currency, outlet, "
            "organization, index, "
            "other)");
    }
    return *value;
  }

  template <class Visit>
  void each_key(const YAML::Node& map, const Visit& visit) const {
    std::set<std::string> seen;
    for (const auto& row : map) {
      const std::string key = scalar(row.first, "a key");
      if (!seen.insert(key).second) say(row.first, fmt::format("'{}' is given twice", key));
      visit(key, row.first, row.second);
    }
  }

  void read_group(const YAML::Node& group) {
    if (!group.IsMap()) wrong(group, "a group (a map with kind and entities)");
    Defaults defaults;
    YAML::Node entities;
    each_key(group, [&](const std::string& key, const YAML::Node& at, const YAML::Node& value) {
      if (key == "kind") {
        defaults.kind = kind(value);
      } else if (key == "family") {
        defaults.family = id(value);
      } else if (key == "vendor") {
        defaults.vendor = id(value);
      } else if (key == "country") {
        defaults.country = country(value);
      } else if (key == "inherits_rules") {
        defaults.inherits_rules = flag(value);
      } else if (key == "tags") {
        defaults.tags = scalars(value, "tags");
      } else if (key == "entities") {
        if (!value.IsMap()) wrong(value, "a map of entities (id: [name, …])");
        entities = value;
      } else {
        wrong(at, "kind, family, vendor, country, inherits_rules, tags or entities");
      }
    });
    if (!entities.IsDefined() || entities.IsNull()) wrong(group, "a group with 'entities'");
    each_key(entities, [&](const std::string&, const YAML::Node& key, const YAML::Node& value) {
      read_entity(defaults, key, value);
    });
  }

  void read_entity(const Defaults& defaults, const YAML::Node& key, const YAML::Node& value) {
    EntityEntry entry;
    Entity& entity = entry.entity;
    entity.id = id(key);
    entry.where = place(where_, key.Mark());
    if (!ids_.insert(entity.id).second) say(key, fmt::format("'{}' is given twice", entity.id));
    entity.kind = defaults.kind.value_or(EntityKind::kOther);
    entry.has_kind = defaults.kind.has_value();
    entity.family = defaults.family;
    entity.vendor = defaults.vendor;
    entity.country = defaults.country;
    entity.tags = defaults.tags;
    entity.inherits_rules = defaults.inherits_rules.value_or(true);
    entry.has_inherits = defaults.inherits_rules.has_value();

    if (value.IsSequence() || value.IsScalar()) {
      for (auto& text : scalars(value, "a name")) entry.names.push_back(plain(std::move(text)));
      if (!entry.names.empty()) entity.name = entry.names.front().text;
    } else if (value.IsMap()) {
      read_fields(entry, value);
    } else {
      wrong(key, "names ([…]) or fields ({name: …}) of an entity");
    }
    entry.has_name = !entity.name.empty();
    std::set<std::string> seen;
    for (const NameRule& name : entry.names) {
      if (name.text.size() > 160) say(key, "expected a name of at most 160 bytes");
      if (!name.has_context() && !seen.insert(name.text).second)
        say(key, fmt::format("the name '{}' is given twice", name.text));
    }
    out_.push_back(std::move(entry));
  }

  void read_fields(EntityEntry& entry, const YAML::Node& map) {
    Entity& entity = entry.entity;
    std::vector<NameRule> names;
    each_key(map, [&](const std::string& key, const YAML::Node& at, const YAML::Node& value) {
      const auto add = [&](const auto& change) {
        for (auto& text : scalars(value, "names")) {
          NameRule name = plain(std::move(text));
          change(name);
          names.push_back(std::move(name));
        }
      };
      if (key == "name") {
        entity.name = scalar(value, "a name");
        entry.renames = true;
      } else if (key == "aliases") {
        add([](NameRule&) {});
      } else if (key == "exact") {
        add([](NameRule& name) { name.exact = true; });
      } else if (key == "weak") {
        add([](NameRule& name) { name.weak = true; });
      } else if (key == "context") {
        if (!value.IsSequence()) wrong(value, "a list of names with their context ([{text: …, after: […]}])");
        for (const auto& item : value) names.push_back(context(item));
      } else if (key == "tickers") {
        entity.tickers = scalars(value, "tickers");
        for (std::size_t i = 0; i < entity.tickers.size(); ++i) {
          if (ticker_names(entity.tickers[i]).empty())
            wrong(value.IsSequence() ? value[i] : value, "a ticker (NVDA, 0700.HK, 688256.SH, 2330.TW)");
        }
      } else if (key == "kind") {
        entity.kind = kind(value);
        entry.has_kind = true;
      } else if (key == "family") {
        entity.family = id(value);
      } else if (key == "vendor") {
        entity.vendor = id(value);
      } else if (key == "country") {
        entity.country = country(value);
      } else if (key == "inherits_rules") {
        entity.inherits_rules = flag(value);
        entry.has_inherits = true;
      } else if (key == "tags") {
        for (auto& tag : scalars(value, "tags")) {
          if (!entity.tagged(tag)) entity.tags.push_back(std::move(tag));
        }
      } else {
        wrong(at,
              "name, aliases, exact, weak, context, tickers, kind, family, vendor, country, inherits_rules or tags");
      }
    });
    // The canonical name is a name like any other, unless the lists say under which rule it goes.
    if (!entity.name.empty()) {
      const auto listed =
          std::find_if(names.begin(), names.end(), [&](const NameRule& name) { return name.text == entity.name; });
      if (listed == names.end()) {
        names.insert(names.begin(), plain(entity.name));
      } else {
        std::rotate(names.begin(), listed, listed + 1);
      }
    }
    entry.names = std::move(names);
  }

  NameRule plain(std::string text) const {
    NameRule name;
    name.text = std::move(text);
    return name;
  }

  NameRule context(const YAML::Node& map) const {
    if (!map.IsMap()) wrong(map, "a name with its context ({text: …, after: […]})");
    NameRule name;
    each_key(map, [&](const std::string& key, const YAML::Node& at, const YAML::Node& value) {
      if (key == "text") {
        name.text = scalar(value, "a name");
      } else if (key == "exact") {
        name.exact = flag(value);
      } else if (key == "after") {
        name.after = scalars(value, "texts");
      } else if (key == "before") {
        name.before = scalars(value, "texts");
      } else if (key == "not_after") {
        name.not_after = scalars(value, "texts");
      } else if (key == "not_before") {
        name.not_before = scalars(value, "texts");
      } else if (key == "near") {
        name.near = scalars(value, "texts");
      } else {
        wrong(at, "text, exact, after, before, not_after, not_before or near");
      }
    });
    if (name.text.empty()) wrong(map, "a name with 'text'");
    if (!name.has_context() && name.not_after.empty() && name.not_before.empty())
      wrong(map, "a context: after, before, not_after, not_before or near");
    return name;
  }

  std::string_view where_;
  std::vector<EntityEntry>& out_;
  std::set<std::string> ids_;
};

bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }
bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

std::u32string to_points(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    out += point.value;
    at += point.length;
  }
  return out;
}

void put(std::string& out, std::string_view field) {
  auto size = static_cast<std::uint32_t>(field.size());
  for (int i = 0; i < 3; ++i, size >>= 8) out += static_cast<char>(size & 0xFF);
  out += field;
}
void put_all(std::string& out, const std::vector<std::string>& fields) {
  put(out, std::to_string(fields.size()));
  for (const auto& field : fields) put(out, field);
}

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}
  bool done() const { return at_ == bytes_.size(); }
  std::string text() {
    check(at_ + 3 <= bytes_.size(), "the compiled lexicon is whole");
    std::size_t size = 0;
    for (int i = 2; i >= 0; --i)
      size = size << 8 | static_cast<unsigned char>(bytes_[at_ + static_cast<std::size_t>(i)]);
    at_ += 3;
    check(at_ + size <= bytes_.size(), "the compiled lexicon is whole");
    std::string out(bytes_.substr(at_, size));
    at_ += size;
    return out;
  }
  std::size_t number() {
    std::size_t out = 0;
    for (const char c : text()) out = out * 10 + static_cast<std::size_t>(c - '0');
    return out;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> out(number());
    for (auto& item : out) item = text();
    return out;
  }
  std::optional<std::string> optional() {
    std::string out = text();
    return out.empty() ? std::nullopt : std::optional(std::move(out));
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<EntityEntry>> parse_lexicon(std::string_view yaml, std::string_view where) {
  std::vector<EntityEntry> entries;
  try {
    FileReader(where, entries).read(YAML::Load(std::string(yaml)));
  } catch (const Wrong& wrong) {
    return wrong.error;
  } catch (const YAML::Exception& broken) {
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: expected YAML, found: {}", place(where, broken.mark), broken.msg)};
  }
  for (auto& entry : entries) {
    for (const auto& name : entry.names) entry.entity.aliases.push_back(name.text);
  }
  return entries;
}

Status merge_lexicon(std::vector<EntityEntry>& entries, std::vector<EntityEntry> more) {
  std::unordered_map<std::string, std::size_t> place_of;
  for (std::size_t i = 0; i < entries.size(); ++i) place_of[entries[i].entity.id] = i;
  for (auto& entry : more) {
    const auto known = place_of.find(entry.entity.id);
    if (known == place_of.end()) {
      if (!entry.has_kind)
        return Error{ErrorCode::kInvalid, fmt::format("{}: expected a kind for the new entity '{}', found none",
                                                      entry.where, entry.entity.id)};
      if (!entry.has_name)
        return Error{ErrorCode::kInvalid, fmt::format("{}: expected a name for the new entity '{}', found none",
                                                      entry.where, entry.entity.id)};
      place_of[entry.entity.id] = entries.size();
      entries.push_back(std::move(entry));
      continue;
    }
    EntityEntry& old = entries[known->second];
    if (entry.has_kind) old.entity.kind = entry.entity.kind;
    if (entry.has_inherits) old.entity.inherits_rules = entry.entity.inherits_rules;
    if (entry.entity.family) old.entity.family = entry.entity.family;
    if (entry.entity.vendor) old.entity.vendor = entry.entity.vendor;
    if (entry.entity.country) old.entity.country = entry.entity.country;
    if (entry.renames) old.entity.name = entry.entity.name;
    for (auto& tag : entry.entity.tags) {
      if (!old.entity.tagged(tag)) old.entity.tags.push_back(std::move(tag));
    }
    for (auto& ticker : entry.entity.tickers) {
      if (std::find(old.entity.tickers.begin(), old.entity.tickers.end(), ticker) == old.entity.tickers.end())
        old.entity.tickers.push_back(std::move(ticker));
    }
    for (auto& name : entry.names) {
      if (std::find(old.names.begin(), old.names.end(), name) != old.names.end()) continue;
      old.entity.aliases.push_back(name.text);
      old.names.push_back(std::move(name));
    }
  }
  std::sort(entries.begin(), entries.end(),
            [](const EntityEntry& a, const EntityEntry& b) { return a.entity.id < b.entity.id; });
  return {};
}

Status check_lexicon(const std::vector<EntityEntry>& entries) {
  std::unordered_map<std::string_view, const EntityEntry*> by_id;
  std::unordered_set<std::string_view> countries;
  for (const auto& entry : entries) {
    by_id[entry.entity.id] = &entry;
    if (entry.entity.country && (entry.entity.kind == EntityKind::kCountry || entry.entity.kind == EntityKind::kRegion))
      countries.insert(*entry.entity.country);
  }
  struct Owner {
    const EntityEntry* entry;
    std::string name;
  };
  std::unordered_map<std::string, Owner> owners;
  for (const auto& entry : entries) {
    const Entity& entity = entry.entity;
    const auto wrong = [&](std::string message) {
      return Error{ErrorCode::kInvalid, entry.where + ": " + std::move(message)};
    };
    for (const auto& [link, what] : {std::pair{&entity.family, "family"}, std::pair{&entity.vendor, "vendor"}}) {
      if (*link && !by_id.contains(**link))
        return wrong(fmt::format("expected the id of an entity as {} of '{}', found '{}'", what, entity.id, **link));
    }
    if (entity.country && !countries.contains(*entity.country))
      return wrong(
          fmt::format("expected the code of a known country for '{}', found '{}'", entity.id, *entity.country));
    std::unordered_set<std::string_view> seen{entity.id};
    for (const Entity* up = &entity; up->family;) {
      if (!seen.insert(*up->family).second)
        return wrong(fmt::format("the families of '{}' run in a circle", entity.id));
      up = &by_id.at(*up->family)->entity;
    }
    std::vector<NameRule> names = entry.names;
    for (const auto& ticker : entity.tickers) {
      for (auto& name : ticker_names(ticker)) names.push_back(std::move(name));
    }
    for (const auto& name : names) {
      if (name.has_context()) continue;
      const auto [owner, fresh] = owners.try_emplace(fold(name.text), Owner{&entry, name.text});
      if (!fresh && owner->second.entry != &entry) {
        return wrong(fmt::format("the name '{}' of '{}' belongs to '{}' already ({})", name.text, entity.id,
                                 owner->second.entry->entity.id, owner->second.entry->where));
      }
    }
  }
  return {};
}

std::vector<std::string> spellings(const std::string& name) {
  const std::u32string points = to_points(name);
  std::vector<std::string> out{""};
  const auto all = [&](const std::vector<std::string_view>& endings) {
    std::vector<std::string> next;
    for (const auto& ending : endings) {
      for (const auto& start : out) next.push_back(start + std::string(ending));
    }
    out = std::move(next);
  };
  unsigned choices = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const char32_t c = points[i];
    const char32_t left = i > 0 ? points[i - 1] : U'\0';
    const char32_t right = i + 1 < points.size() ? points[i + 1] : U'\0';
    std::string here;
    append_utf8(here, c);
    const bool latin_left = is_letter(left) || is_digit(left);
    const bool latin = is_letter(c) || is_digit(c);
    if (choices < 3 && (c == U' ' || c == U'-') && is_letter(left) && is_digit(right)) {  // RTX 5090
      all({here, "", c == U' ' ? "-" : " "});
      ++choices;
    } else if (choices < 3 && c == U' ' &&
               ((is_han(left) && (is_letter(right) || is_digit(right))) ||
                (latin_left && is_han(right)))) {  // 昇腾 910C
      all({here, ""});
      ++choices;
    } else if (choices < 3 && left != U'\0' && ((is_han(left) && latin) || (latin_left && is_han(c)))) {  // 昇腾910C
      all({"", " "});
      all({here});
      ++choices;
    } else if (choices < 3 && (c == U'·' || c == U'•' || c == U'‧') && is_han(left) && is_han(right)) {  // 埃隆·马斯克
      all({here, "", ".", " ", "-"});
      ++choices;
    } else {
      all({here});
    }
  }
  return out;
}

std::vector<NameRule> ticker_names(const std::string& ticker) {
  const auto dot = ticker.rfind('.');
  const std::string code = ticker.substr(0, dot);
  const std::string market = dot == std::string::npos ? "" : ticker.substr(dot + 1);
  const bool digits =
      !code.empty() && std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool capitals =
      !code.empty() && std::all_of(code.begin(), code.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '.'; });
  std::vector<NameRule> out;
  const auto exact = [&](std::string text) {
    NameRule name;
    name.text = std::move(text);
    name.exact = true;
    out.push_back(std::move(name));
  };
  const auto bracketed = [&](std::string text) {  // A bare number is a code only where it is introduced as one.
    NameRule name;
    name.text = std::move(text);
    name.after = {"(", "代码", "代码:", "代号", "代号:", "code:", "code", "<", "[", "【", "证券简称"};
    out.push_back(std::move(name));
  };
  if (market.empty()) {
    if (!capitals || code.size() > 6) return {};
    for (const char* suffix : {".US", ".O", ".N"}) exact(code + suffix);
    exact("$" + code);
    if (code.size() >= 4) {  // Shorter ones are other things more often: USB, APP, HMC.
      exact(code);
    } else {
      NameRule name;
      name.text = code;
      name.exact = true;
      name.after = {"NASDAQ:", "NYSE:", "纳斯达克:", "纽交所:", "纽约证券交易所:", "(US:", "代码:", "美股代码", "("};
      out.push_back(std::move(name));
    }
  } else if (market == "HK" && digits && code.size() <= 5) {
    const std::string bare = code.substr(std::min(code.find_first_not_of('0'), code.size() - 1));
    for (const std::size_t width : {std::size_t{4}, std::size_t{5}}) {
      const std::string full = bare.size() < width ? std::string(width - bare.size(), '0') + bare : bare;
      if (full.size() != width) continue;
      exact(full + ".HK");
      exact("HK" + full);
      exact("HK:" + full);
      if (full.size() == 5 || full[0] == '0' || full > "2100") bracketed(full);  // (2026) is a year
    }
    if (bare.size() < 4) exact(bare + ".HK");
  } else if ((market == "SH" || market == "SZ" || market == "BJ") && digits && code.size() == 6) {
    exact(code + "." + market);
    exact(market + code);
    if (market == "SH") exact(code + ".SS");
    bracketed(code);
  } else if (market == "TW" || market == "TWO" || market == "T" || market == "KS" || market == "KQ" || market == "L" ||
             market == "PA" || market == "DE" || market == "AS" || market == "SW" || market == "MI" || market == "NS" ||
             market == "SI" || market == "AX" || market == "TO" || market == "ST" || market == "CO" || market == "HE" ||
             market == "MC" || market == "SR") {
    exact(code + "." + market);
  }
  return out;
}

std::string encode_lexicon(const std::vector<EntityEntry>& entries) {
  std::string out;
  for (const auto& entry : entries) {
    const Entity& entity = entry.entity;
    put(out, entity.id);
    put(out, entity_kind_name(entity.kind));
    put(out, entity.name);
    put(out, entity.family.value_or(""));
    put(out, entity.inherits_rules ? "1" : "0");
    put(out, entity.vendor.value_or(""));
    put(out, entity.country.value_or(""));
    put_all(out, entity.tags);
    put_all(out, entity.tickers);
    put(out, std::to_string(entry.names.size()));
    for (const auto& name : entry.names) {
      put(out, name.text);
      const bool lists = name.has_context() || !name.not_after.empty() || !name.not_before.empty();
      put(out, std::to_string((name.exact ? 1 : 0) + (name.weak ? 2 : 0) + (lists ? 4 : 0)));
      if (!lists) continue;
      for (const auto* list : {&name.after, &name.before, &name.not_after, &name.not_before, &name.near})
        put_all(out, *list);
    }
  }
  return out;
}

std::vector<EntityEntry> decode_lexicon(std::string_view bytes) {
  std::vector<EntityEntry> out;
  Decoder in(bytes);
  while (!in.done()) {
    EntityEntry& entry = out.emplace_back();
    Entity& entity = entry.entity;
    entity.id = in.text();
    entity.kind = find_entity_kind(in.text()).value_or(EntityKind::kOther);
    entity.name = in.text();
    entity.family = in.optional();
    entity.inherits_rules = in.text() == "1";
    entity.vendor = in.optional();
    entity.country = in.optional();
    entity.tags = in.texts();
    entity.tickers = in.texts();
    entry.names.resize(in.number());
    for (auto& name : entry.names) {
      name.text = in.text();
      const std::size_t flags = in.number();
      name.exact = (flags & 1) != 0;
      name.weak = (flags & 2) != 0;
      if ((flags & 4) != 0) {
        for (auto* list : {&name.after, &name.before, &name.not_after, &name.not_before, &name.near})
          *list = in.texts();
      }
      entity.aliases.push_back(name.text);
    }
    entry.has_kind = entry.has_name = entry.has_inherits = true;
    entry.where = "builtin";
  }
  return out;
}

}  // namespace annals
