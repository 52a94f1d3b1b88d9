#pragma once
// Every form that notes come in. Adding one: a folder here, a row in registry.cc, a folder
// tests/golden/notes/<format>/.

#include <memory>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/note/note.h"

namespace annals {

using NoteFormats = std::vector<std::unique_ptr<NoteFormat>>;

// In the order in which equal scores are decided: the first wins.
NoteFormats make_note_formats();

// By name, as --format takes it ("-" and "_" are one); null where there is no such format.
const NoteFormat* find_format(const NoteFormats& formats, std::string_view name);

// The format that is surest of the text; null where none recognises it.
const NoteFormat* recognise(const NoteFormats& formats, std::string_view text);

struct ReadNote {
  const NoteFormat* format = nullptr;
  std::vector<Article> articles;  // at least one, ordinals from 1
};
// Reads a decoded note with the format named (empty: the one that recognises it). kInvalid names an unknown format, or
// says where the note breaks the format, beginning with the note's origin. Invariants of what comes back, checked:
// ordinals are dense from 1, blocks lie in order inside their article and do not overlap, spans end on character
// bounds.
Result<ReadNote> read_note(const NoteFormats& formats, const Note& note, const OperatorHead& head,
                           std::string_view format = {});

}  // namespace annals
