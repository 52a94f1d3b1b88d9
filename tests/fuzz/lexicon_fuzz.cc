// A user's lexicon, whatever is in it: loaded over a small one, or refused with its place.
#include "engine/language/lexicon.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace annals;
  const auto loaded = Lexicon::with(Lexicon::builtin(), fuzz::text_of(data, size), "fuzz.yaml");
  if (!loaded) {
    check(loaded.error().code == ErrorCode::kInvalid && loaded.error().message.starts_with("fuzz.yaml"),
          "an error says where");
    return 0;
  }
  for (const Entity& entity : loaded->all())
    check(loaded->find(entity.id) != nullptr, "every entity is found by its id");
  return 0;
}
