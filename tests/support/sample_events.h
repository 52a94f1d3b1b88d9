#pragma once
// One event of every kind, with every field set to something that can be told from its default, and some with hardly any.
// tests/compat keeps their bytes for ever: add new ones at the end, never change what stands.

#include <string>
#include <utility>
#include <vector>

#include "engine/event/event.h"

namespace annals::samples {

struct Sample {
  std::string name;   // "statement-full"
  std::string actor;
  EventBody body;
};
std::vector<Sample> all();
// All but the erasures, which are not appended but carried out.
std::vector<Sample> appended();

// A digest that can be recognised: 32 times the same byte.
Digest digest_of(std::uint8_t byte);
// A statement that claims nothing, the n-th of note digest_of(note).
StatementEvent plain_statement(std::uint8_t note, std::uint32_t n, std::string text = "There is nothing to report.");

// Every field of an event, one a line, for people and for comparison. Leaves out nothing.
std::string describe(const Event& event);

}  // namespace annals::samples
