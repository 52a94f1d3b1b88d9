#pragma once
// Which language and script a text is in, and how ordinary its characters are.
//
// A Han character tells the script where only one side's old standard has it: GB 2312 holds the Simplified forms, Big5
// the Traditional ones. Both come from ICU's converters, so that there is no table of ours to keep.

#include <string_view>

#include "engine/note/note.h"

namespace annals {

// By counting: Han against Latin letters for the language, script-specific characters for the script; kUnknown where
// there are neither. At most the first 256 KiB are looked at. `shared` is what Chinese is whose characters belong to both
// scripts.
Language detect_language(std::string_view text, Language shared = Language::kZhHans);

// Whether a character is one that ordinary Chinese or English text is made of: ASCII, common Han, their punctuation.
bool is_ordinary(char32_t c);

}  // namespace annals
