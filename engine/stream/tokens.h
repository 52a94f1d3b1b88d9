#pragma once
// Who may do what at a server: tokens, and the file that an operator keeps of them.
//
// A token is 256 random bits, written as 64 hex digits; the file holds only the SHA-256 of that text, so that whoever reads the file
// cannot use it. One token a line, fields apart by blanks, # begins a remark:
//
//   # name    rights       SHA-256 of the token   limits
//   desk      read,append  9f86d081…
//   reuters   append       60303ae2…              outlets=路透社,Reuters
//   board     read         fd61a03a…              projections=export_control,ipo
//
// Why hashing once is enough: these are random bits, not words that people choose, so that there is nothing to try out.
// Threads: any; Tokens does not change.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/error.h"
#include "engine/event/event.h"

namespace annals::stream {

// What a connection may do. Everything, where a server has no tokens.
struct Rights {
  bool read = true;
  bool append = true;
  bool admin = true;                        // to ask how the server does, to release and discard parked events
  std::string name;                         // of the token, for the server's log; empty: none
  std::vector<std::string> outlets;         // not empty: events of these alone, whether they are read or appended
  std::vector<std::string> projections;     // not empty: answers of these alone, and no events

  // Whether the limit on outlets, if there is one, leaves in what this outlet (in any spelling; empty: none named) says.
  bool reaches(std::string_view outlet) const;
  // kInvalid: an event that the limit on outlets leaves out. Reached are notes' arrivals and statements of the outlets.
  Status may_append(const EventBody& event) const;
};

class Tokens {
 public:
  // kInvalid: the line and what was expected; a file without tokens.
  static Result<Tokens> parse(std::string_view text);
  static Result<Tokens> read(const std::string& path);   // kInvalid where it cannot be read, too

  // kInvalid: there is no such token. Takes as long whichever it is, and whether or not there is one.
  Result<Rights> admit(const std::optional<std::string>& token) const;
  bool has(std::string_view name) const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Digest hash;
    Rights rights;
  };
  std::vector<Entry> entries_;
};

std::string new_token();
// The line of the file for it. Requires: a name, limits and rights that parse() takes.
std::string token_line(std::string_view token, const Rights& rights);

}  // namespace annals::stream
