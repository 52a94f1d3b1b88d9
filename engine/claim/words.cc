#include "engine/claim/words.h"

#include <algorithm>
#include <map>
#include <string>

#include "engine/base/error.h"

namespace annals {
namespace {

bool is_word_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

struct Building {
  std::map<unsigned char, std::uint32_t> children;
  std::vector<std::pair<std::uint16_t, Sense>> ends;
};

}  // namespace

WordFinder::WordFinder(std::span<const std::span<const WordRow>> groups) : groups_(groups.size()) {
  std::vector<Building> building(1);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (const WordRow& row : groups[group]) {
      std::string_view rest = row.words;
      while (!rest.empty()) {
        const std::size_t bar = rest.find('|');
        const std::string_view word = rest.substr(0, bar);
        rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
        check(!word.empty(), "a word between two bars of a word list");
        std::uint32_t node = 0;
        for (const char c : word) {
          const auto byte = static_cast<unsigned char>(c);
          const auto found = building[node].children.find(byte);
          if (found != building[node].children.end()) {
            node = found->second;
            continue;
          }
          const auto made = static_cast<std::uint32_t>(building.size());
          building[node].children.emplace(byte, made);
          building.emplace_back();
          node = made;
        }
        auto& ends = building[node].ends;
        const bool there = std::any_of(ends.begin(), ends.end(), [&](const auto& end) { return end.first == group; });
        // The first row that lists a word in a group wins.
        if (!there) ends.emplace_back(static_cast<std::uint16_t>(group), row.sense);
      }
    }
  }
  nodes_.resize(building.size());
  for (std::size_t i = 0; i < building.size(); ++i) {
    nodes_[i].first_child = static_cast<std::uint32_t>(edges_.size());
    nodes_[i].children = static_cast<std::uint16_t>(building[i].children.size());
    nodes_[i].first_end = static_cast<std::uint32_t>(ends_.size());
    nodes_[i].ends = static_cast<std::uint16_t>(building[i].ends.size());
    for (const auto& [byte, node] : building[i].children) edges_.push_back({byte, node});
    for (const auto& [group, sense] : building[i].ends) ends_.push_back({group, sense});
  }
  for (const auto& [byte, node] : building[0].children) roots_[byte] = node;
}

void WordFinder::find(std::string_view folded, std::vector<std::vector<WordHit>>& hits) const {
  hits.resize(groups_);
  for (auto& group : hits) group.clear();
  std::vector<std::uint32_t> free_from(groups_, 0);       // words of a group do not overlap
  std::vector<std::pair<std::uint32_t, Sense>> longest(groups_, {0, kNoSense});
  std::vector<std::uint16_t> touched;
  for (std::uint32_t at = 0; at < folded.size(); ++at) {
    const auto first = static_cast<unsigned char>(folded[at]);
    if ((first & 0xC0U) == 0x80U) continue;               // inside a character
    std::uint32_t node = roots_[first];
    if (node == 0) continue;
    if (is_word_byte(folded[at]) && at > 0 && is_word_byte(folded[at - 1])) continue;
    std::uint32_t end = at + 1;
    touched.clear();
    while (true) {
      const Node& here = nodes_[node];
      const bool at_border = !is_word_byte(folded[end - 1]) || end == folded.size() || !is_word_byte(folded[end]);
      if (here.ends != 0 && at_border) {
        for (std::uint32_t i = here.first_end; i < here.first_end + here.ends; ++i) {
          const End& word = ends_[i];
          if (at < free_from[word.group]) continue;
          if (longest[word.group].first == 0) touched.push_back(word.group);
          longest[word.group] = {end, word.sense};
        }
      }
      if (end == folded.size() || here.children == 0) break;
      const auto byte = static_cast<unsigned char>(folded[end]);
      const auto* begin = edges_.data() + here.first_child;
      const auto* stop = begin + here.children;
      const auto* edge = std::lower_bound(begin, stop, byte, [](const Edge& e, unsigned char b) { return e.byte < b; });
      if (edge == stop || edge->byte != byte) break;
      node = edge->node;
      ++end;
    }
    for (const std::uint16_t group : touched) {
      if (longest[group].second != kNoSense) hits[group].push_back({at, longest[group].first, longest[group].second});
      free_from[group] = longest[group].first;
      longest[group] = {0, kNoSense};
    }
  }
}

}  // namespace annals
