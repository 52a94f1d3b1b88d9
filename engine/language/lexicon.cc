#include "engine/language/lexicon.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <unordered_set>

#include "engine/base/utf8.h"
#include "engine/language/lexicon_data.h"
#include "engine/language/lexicon_file.h"

namespace annals {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// When a spelling counts; row 0 is "always". Texts are folded but for `spelling`.
struct Rule {
  bool weak = false;
  std::string spelling;  // not empty: upper and lower case must be these
  std::vector<std::string> after, before, not_after, not_before, near;
};

// An entity that a spelling may mean.
struct Candidate {
  std::uint32_t entity = 0;
  std::uint32_t rule = 0;
};

// A trie over folded spellings with whole stretches on its nodes (Morrison's PATRICIA): at most two nodes a spelling,
// built in one pass over the sorted spellings. Its first step is a table by code point, since most characters of a text
// begin no name.
struct Node {
  std::uint32_t label = 0;  // in Trie::labels
  std::uint32_t edges = 0;  // in Trie::edges, sorted by byte
  std::uint32_t candidates = 0;
  std::uint16_t label_size = 0;
  std::uint16_t edge_count = 0;
  std::uint16_t candidate_count = 0;
};
struct Edge {
  unsigned char byte = 0;
  std::uint32_t node = 0;
};

struct Spelling {
  std::string folded;
  Candidate candidate;
};

class Trie {
 public:
  // `spellings` sorted by folded text; candidates of one text in the order in which they are tried.
  void build(const std::vector<Spelling>& spellings) {
    roots_.assign(0x10000, kNone);
    std::size_t begin = 0;
    while (begin < spellings.size()) {
      const CodePoint first = decode_utf8(spellings[begin].folded, 0);
      std::size_t end = begin;
      while (end < spellings.size() && decode_utf8(spellings[end].folded, 0).value == first.value) ++end;
      check(first.value < 0x10000, "names begin within the basic plane");
      roots_[first.value] = build_node(spellings, begin, end, first.length);
      begin = end;
    }
  }

  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t root(char32_t first) const { return first < 0x10000 ? roots_[first] : kNone; }

  // Walks from `node` on text[at…]; calls visit(end, node) at each node with candidates, shortest first.
  template <class Visit>
  void walk(std::uint32_t at_node, std::string_view text, std::size_t at, const Visit& visit) const {
    while (true) {
      const Node& node = nodes_[at_node];
      if (node.label_size > text.size() - at ||
          std::memcmp(labels_.data() + node.label, text.data() + at, node.label_size) != 0)
        return;
      at += node.label_size;
      if (node.candidate_count != 0) visit(at, node);
      if (at == text.size() || node.edge_count == 0) return;
      const Edge* const begin = edges_.data() + node.edges;
      const Edge* const end = begin + node.edge_count;
      const auto byte = static_cast<unsigned char>(text[at]);
      const Edge* edge = begin;
      if (node.edge_count <= 8) {
        while (edge != end && edge->byte < byte) ++edge;
      } else {
        edge =
            std::lower_bound(begin, end, byte, [](const Edge& row, unsigned char wanted) { return row.byte < wanted; });
      }
      if (edge == end || edge->byte != byte) return;
      at_node = edge->node;
      ++at;
    }
  }

  std::span<const Candidate> candidates(const Node& node) const {
    return {candidates_.data() + node.candidates, node.candidate_count};
  }

 private:
  std::uint32_t build_node(const std::vector<Spelling>& spellings, std::size_t begin, std::size_t end,
                           std::size_t depth) {
    const std::string& first = spellings[begin].folded;
    const std::string& last = spellings[end - 1].folded;
    std::size_t shared = depth;  // Sorted: what the first and the last share, all share.
    while (shared < first.size() && shared < last.size() && first[shared] == last[shared]) ++shared;
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
    Node node;
    node.label = static_cast<std::uint32_t>(labels_.size());
    node.label_size = static_cast<std::uint16_t>(shared - depth);
    labels_.append(first, depth, shared - depth);
    node.candidates = static_cast<std::uint32_t>(candidates_.size());
    while (begin < end && spellings[begin].folded.size() == shared) candidates_.push_back(spellings[begin++].candidate);
    node.candidate_count = static_cast<std::uint16_t>(candidates_.size() - node.candidates);
    std::vector<Edge> edges;
    while (begin < end) {
      const char byte = spellings[begin].folded[shared];
      std::size_t upto = begin;
      while (upto < end && spellings[upto].folded[shared] == byte) ++upto;
      edges.push_back({static_cast<unsigned char>(byte), build_node(spellings, begin, upto, shared + 1)});
      begin = upto;
    }
    node.edges = static_cast<std::uint32_t>(edges_.size());
    node.edge_count = static_cast<std::uint16_t>(edges.size());
    edges_.insert(edges_.end(), edges.begin(), edges.end());
    nodes_[index] = node;
    return index;
  }

  std::vector<std::uint32_t> roots_;
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<Candidate> candidates_;
  std::string labels_;
};

std::vector<std::string> folded_all(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (const auto& text : texts) out.push_back(fold(text));
  return out;
}

bool any_end(std::string_view text, const std::vector<std::string>& endings) {
  return std::any_of(endings.begin(), endings.end(), [&](const std::string& ending) { return text.ends_with(ending); });
}
bool any_start(std::string_view text, const std::vector<std::string>& starts) {
  return std::any_of(starts.begin(), starts.end(), [&](const std::string& start) { return text.starts_with(start); });
}

bool of_products(EntityKind kind) {
  return kind == EntityKind::kProduct || kind == EntityKind::kFamily || kind == EntityKind::kProductClass;
}

// Whether text[begin, end) stands apart where it begins or ends in a Latin letter or a digit.
bool at_borders(std::string_view text, std::size_t begin, std::size_t end, bool plural) {
  if (is_word(text[begin]) && begin > 0) {
    const char left = text[begin - 1];
    if (is_word(left)) return false;
    if (is_digit(text[begin]) && (left == '.' || left == ',') && begin > 1 && is_digit(text[begin - 2])) return false;
  }
  if (is_word(text[end - 1]) && end < text.size()) {
    char right = text[end];
    std::size_t next = end + 1;
    if (right == 's' && plural) {
      if (next == text.size()) return true;
      right = text[next++];
    }
    if (is_word(right)) return false;
    if (right == '.' && next < text.size()) {
      if (is_digit(text[end - 1]) && is_digit(text[next])) return false;  // 4.5 is not 4
      for (const std::string_view domain :
           {"com", "cn", "net", "org", "hk/", "tw/", "htm", "jpg", "png"}) {  // an address, not a name
        if (text.substr(next).starts_with(domain)) return false;
      }
    }
  }
  return true;
}

// Where a chip's name that ends at `end` ends with the nouns behind it.
std::size_t with_noun(std::string_view text, std::size_t end) {
  static constexpr std::string_view kNouns[] = {
      "超级芯片",   "ai芯片",    "芯片",     "ai晶片",  "晶片",   "系列",         "架构",
      "gpus",       "gpu",       "加速器",   "加速卡",  "处理器", "accelerators", "accelerator",
      "processors", "processor", "ai chips", "ai chip", "chips",  "chip",         "series"};
  for (int more = 0; more < 2; ++more) {  // H20系列芯片
    const std::size_t at = end < text.size() && text[end] == ' ' ? end + 1 : end;
    const auto* const noun = std::find_if(std::begin(kNouns), std::end(kNouns), [&](std::string_view word) {
      if (!text.substr(at).starts_with(word)) return false;
      return !is_word(word.back()) || at + word.size() == text.size() || !is_word(text[at + word.size()]);
    });
    if (noun == std::end(kNouns)) break;
    end = at + noun->size();
  }
  return end;
}

}  // namespace

struct Lexicon::Data {
  std::vector<EntityEntry> entries;  // sorted by id
  std::vector<Entity> entities;      // the same, for callers
  std::vector<Rule> rules;
  Trie trie;
  std::string version;

  static std::shared_ptr<const Data> make(std::vector<EntityEntry> entries);
  std::uint32_t rule_of(const NameRule& name, const std::string& spelling);
  bool holds(const Rule& rule, std::string_view text, std::size_t begin, std::size_t end,
             std::string_view as_written) const;
};

std::uint32_t Lexicon::Data::rule_of(const NameRule& name, const std::string& spelling) {
  Rule rule;
  rule.weak = name.weak;
  if (name.exact) rule.spelling = spelling;
  rule.after = folded_all(name.after);
  rule.before = folded_all(name.before);
  rule.not_after = folded_all(name.not_after);
  rule.not_before = folded_all(name.not_before);
  rule.near = folded_all(name.near);
  if (!rule.weak && rule.spelling.empty() && !name.has_context() && rule.not_after.empty() && rule.not_before.empty())
    return 0;
  rules.push_back(std::move(rule));
  return static_cast<std::uint32_t>(rules.size() - 1);
}

std::shared_ptr<const Lexicon::Data> Lexicon::Data::make(std::vector<EntityEntry> entries) {
  auto data = std::make_shared<Data>();
  data->rules.emplace_back();
  std::vector<Spelling> all;
  all.reserve(entries.size() * 8);
  const auto add = [&](const NameRule& name, std::size_t entity) {
    for (const std::string& spelling : spellings(name.text)) {
      std::string folded = fold(spelling);
      if (folded.empty() || folded == " ") continue;
      const Candidate candidate{static_cast<std::uint32_t>(entity), data->rule_of(name, spelling)};
      all.push_back({std::move(folded), candidate});
    }
  };
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (const auto& name : entries[i].names) add(name, i);
    for (const auto& ticker : entries[i].entity.tickers) {
      for (const auto& name : ticker_names(ticker)) add(name, i);
    }
  }
  // What asks for most is tried first, and what always holds last: 苹果 with a context before 苹果 without.
  const auto rank = [&](const Candidate& candidate) {
    const Rule& rule = data->rules[candidate.rule];
    if (rule.weak) return 3;
    if (!rule.after.empty() || !rule.before.empty() || !rule.near.empty()) return 0;
    return rule.spelling.empty() ? 2 : 1;
  };
  std::sort(all.begin(), all.end(), [&](const Spelling& a, const Spelling& b) {
    if (const int order = a.folded.compare(b.folded); order != 0) return order < 0;
    const int left = rank(a.candidate);
    const int right = rank(b.candidate);
    if (left != right) return left < right;
    if (a.candidate.entity != b.candidate.entity) return a.candidate.entity < b.candidate.entity;
    return a.candidate.rule < b.candidate.rule;
  });
  const auto same = [](const Spelling& a, const Spelling& b) {
    return a.candidate.entity == b.candidate.entity && a.candidate.rule == b.candidate.rule && a.folded == b.folded;
  };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  data->trie.build(all);
  data->version = sha256(encode_lexicon(entries)).hex().substr(0, 16);
  for (const auto& entry : entries) data->entities.push_back(entry.entity);
  data->entries = std::move(entries);
  return data;
}

bool Lexicon::Data::holds(const Rule& rule, std::string_view text, std::size_t begin, std::size_t end,
                          std::string_view as_written) const {
  if (rule.weak) return false;
  if (!rule.spelling.empty() && as_written != rule.spelling) return false;
  std::string_view left = text.substr(0, begin);
  std::string_view right = text.substr(end);
  if (left.ends_with(' ')) left.remove_suffix(1);
  if (right.starts_with(' ')) right.remove_prefix(1);
  if (!rule.after.empty() && !any_end(left, rule.after)) return false;
  if (!rule.before.empty() && !any_start(right, rule.before)) return false;
  if (any_end(left, rule.not_after) || any_start(right, rule.not_before)) return false;
  if (rule.near.empty()) return true;
  left = left.substr(left.size() - std::min(left.size(), kNearBytes));
  right = right.substr(0, kNearBytes);
  return std::any_of(rule.near.begin(), rule.near.end(), [&](const std::string& word) {
    return left.find(word) != std::string_view::npos || right.find(word) != std::string_view::npos;
  });
}

const Lexicon& Lexicon::builtin() {
  static const Lexicon lexicon(Data::make(decode_lexicon({kLexiconData, kLexiconDataSize})));
  return lexicon;
}

Result<Lexicon> Lexicon::with(const Lexicon& base, std::string_view yaml, std::string_view where) {
  ANNALS_TRY(std::vector<EntityEntry> more, parse_lexicon(yaml, where));
  std::unordered_set<std::string> taken;
  std::unordered_set<std::string> users;
  for (const auto& entry : more) {
    users.insert(entry.entity.id);
    for (const auto& name : entry.names) {
      if (!name.has_context()) taken.insert(fold(name.text));
    }
  }
  std::vector<EntityEntry> entries = base.data_->entries;
  for (auto& entry : entries) {
    if (users.contains(entry.entity.id)) continue;
    const auto gone = [&](const NameRule& name) { return !name.has_context() && taken.contains(fold(name.text)); };
    if (std::none_of(entry.names.begin(), entry.names.end(), gone)) continue;
    std::erase_if(entry.names, gone);
    entry.entity.aliases.clear();
    for (const auto& name : entry.names) entry.entity.aliases.push_back(name.text);
  }
  ANNALS_CHECK_OK(merge_lexicon(entries, std::move(more)));
  ANNALS_CHECK_OK(check_lexicon(entries));
  return Lexicon(Data::make(std::move(entries)));
}

const Entity* Lexicon::find(std::string_view id) const {
  const auto& all = data_->entities;
  const auto at = std::lower_bound(all.begin(), all.end(), id,
                                   [](const Entity& entity, std::string_view wanted) { return entity.id < wanted; });
  return at != all.end() && at->id == id ? &*at : nullptr;
}

const Entity* Lexicon::by_name(std::string_view surface) const {
  std::string folded = fold(surface);
  if (folded.starts_with(' ')) folded.erase(0, 1);
  if (folded.ends_with(' ')) folded.pop_back();
  if (folded.empty()) return nullptr;
  const Entity* best = nullptr;
  int best_rank = 0;
  const CodePoint first = decode_utf8(folded, 0);
  if (const std::uint32_t root = data_->trie.root(first.value); root != Trie::kNone) {
    data_->trie.walk(root, folded, first.length, [&](std::size_t end, const Node& node) {
      if (end != folded.size()) return;
      for (const Candidate& candidate : data_->trie.candidates(node)) {
        const Rule& rule = data_->rules[candidate.rule];
        const bool context = !rule.after.empty() || !rule.before.empty() || !rule.near.empty();
        const int rank = rule.weak ? 2 : context ? 1 : rule.spelling.empty() || rule.spelling == surface ? 4 : 3;
        if (rank > best_rank) {
          best_rank = rank;
          best = &data_->entities[candidate.entity];
        }
      }
    });
  }
  if (best != nullptr) return best;
  std::replace(folded.begin(), folded.end(), ' ', '_');
  return find(folded);
}

std::span<const Entity> Lexicon::all() const { return data_->entities; }

std::vector<std::string> Lexicon::ancestors(std::string_view id) const {
  std::vector<std::string> out;
  for (const Entity* entity = find(id); entity != nullptr && entity->family; entity = find(*entity->family))
    out.push_back(*entity->family);
  return out;
}

const std::string& Lexicon::version() const { return data_->version; }

std::vector<EntityMention> Lexicon::mentions(const FoldedText& folded) const {
  struct Hit {
    std::size_t end = 0;
    const Node* node = nullptr;
  };
  const std::string_view text = folded.text();
  const std::string_view original = folded.source();
  std::vector<EntityMention> out;
  std::array<Hit, 64>
      hits;  // Names are at most 160 bytes long; more than 64 within each other do not occur, and the longest stay.
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    char32_t first = byte;
    std::size_t length = 1;
    if (byte >= 0xE0 && byte < 0xF0 && at + 2 < text.size()) {
      first = (static_cast<char32_t>(byte & 0x0F) << 12) | (static_cast<char32_t>(text[at + 1] & 0x3F) << 6) |
              static_cast<char32_t>(text[at + 2] & 0x3F);
      length = 3;
    } else if (byte >= 0x80) {
      const CodePoint point = decode_utf8(text, at);
      first = point.value;
      length = point.length;
    } else if (is_word(text[at]) && at > 0 && is_word(text[at - 1])) {
      ++at;  // within a word
      continue;
    }
    const std::uint32_t root = data_->trie.root(first);
    if (root == Trie::kNone) {
      at += length;
      continue;
    }
    std::size_t count = 0;
    data_->trie.walk(root, text, at + length, [&](std::size_t end, const Node& node) {
      if (count == hits.size()) --count;
      hits[count++] = {end, &node};
    });
    std::size_t next = at + length;
    for (; count > 0; --count) {
      const Hit& hit = hits[count - 1];
      const ByteSpan span = folded.original({at, hit.end});
      const std::string_view as_written = span.of(original);
      const Entity* meant = nullptr;
      for (const Candidate& candidate : data_->trie.candidates(*hit.node)) {
        const Entity& entity = data_->entities[candidate.entity];
        if (!at_borders(text, at, hit.end, of_products(entity.kind)) ||
            !data_->holds(data_->rules[candidate.rule], text, at, hit.end, as_written))
          continue;
        meant = &entity;
        break;
      }
      if (meant == nullptr) continue;
      next = hit.end;
      if (of_products(meant->kind) && (meant->tagged("chip") || meant->tagged("memory"))) next = with_noun(text, next);
      const ByteSpan whole = next == hit.end ? span : folded.original({at, next});
      out.push_back({meant->id, std::string(whole.of(original)), whole, meant->kind});
      break;
    }
    at = next;
  }
  return out;
}

}  // namespace annals
