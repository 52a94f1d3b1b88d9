// Writes the shipped lexicon for engine/language/lexicon_data.h: make_lexicon_data OUT.cc FILE.yaml…
// Refuses what a user's file would be refused for, so that the shipped data is sane before anything runs.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/language/lexicon_file.h"

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "usage: make_lexicon_data OUT.cc FILE.yaml...\n";
    return 2;
  }
  std::vector<std::string> paths(arguments + 2, arguments + count);
  std::sort(paths.begin(), paths.end());
  std::vector<annals::EntityEntry> entries;
  for (const auto& path : paths) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    auto more = annals::parse_lexicon(text.str(), path);
    if (!more) {
      std::cerr << more.error().message << '\n';
      return 1;
    }
    for (const auto& entry : *more) {
      const auto known = std::find_if(entries.begin(), entries.end(),
                                      [&](const auto& other) { return other.entity.id == entry.entity.id; });
      if (known == entries.end()) continue;
      std::cerr << entry.where << ": '" << entry.entity.id << "' stands in " << known->where << " already\n";
      return 1;
    }
    if (const auto merged = annals::merge_lexicon(entries, std::move(*more)); !merged) {
      std::cerr << merged.error().message << '\n';
      return 1;
    }
  }
  if (const auto sane = annals::check_lexicon(entries); !sane) {
    std::cerr << sane.error().message << '\n';
    return 1;
  }
  const std::string bytes = annals::encode_lexicon(entries);
  std::ofstream out(arguments[1]);
  out << "// Made by tools/generate/lexicon_data.cc.\n#include \"engine/language/lexicon_data.h\"\n\nnamespace annals "
         "{\nconst char kLexiconData[] =";
  for (std::size_t at = 0; at < bytes.size(); at += 64) {
    out << "\n\"";
    for (std::size_t i = at; i < std::min(at + 64, bytes.size()); ++i) {
      char escaped[5];
      std::snprintf(escaped, sizeof escaped, "\\%03o", static_cast<unsigned>(static_cast<unsigned char>(bytes[i])));
      out << escaped;
    }
    out << '"';
  }
  out << ";\nconst std::size_t kLexiconDataSize = " << bytes.size() << ";\n}  // namespace annals\n";
  return out.flush() ? 0 : 1;
}
