#include "engine/projection/shelf.h"

#include <utility>

namespace annals {

void Shelf::put(Slot& slot, std::string_view text) {
  if (!failed_) return;
  const auto size = static_cast<std::uint32_t>(text.size());
  if (slot && slot.room >= size) {
    slot.size = size;
    if (slot.offset >= flushed_) newest_.replace(slot.offset - flushed_, size, text);
    else failed_ = file_.write(slot.offset, text);
    return;
  }
  // What is put again is about as long as it was.
  slot = {flushed_ + newest_.size(), size, size + size / 8 + 1};
  newest_.append(text).append(slot.room - size, '\0');
  if (newest_.size() < kInMemory) return;
  failed_ = file_.write(flushed_, newest_);
  flushed_ += newest_.size();
  newest_.clear();
}

std::string Shelf::get(const Slot& slot) const {
  if (!failed_) return {};
  if (slot.offset >= flushed_) return newest_.substr(slot.offset - flushed_, slot.size);
  auto text = file_.read(slot.offset, slot.size);
  if (text) return *std::move(text);
  failed_ = text.error();
  return {};
}

}  // namespace annals
