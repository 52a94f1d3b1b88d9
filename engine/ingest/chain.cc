#include "engine/ingest/chain.h"

#include <type_traits>

namespace annals {
namespace {

bool same_thing(const Review& a, const Review& b) { return a.about == b.about && a.claim == b.claim && a.interpreter.name == b.interpreter.name; }
template <class T>
bool same_thing(const T& a, const T& b) {
  return a.about == b.about;
}

template <class T>
Status chain_one(const EventLog& log, T& body) {
  std::optional<Event> newest;
  ANNALS_TRY(const Position seen, log.read({Position{}, log.last()}, [&](const Event& event) {
    if (const auto* other = std::get_if<T>(&event.body); other != nullptr && same_thing(*other, body)) newest = event;
    return Visit::kContinue;
  }));
  static_cast<void>(seen);
  body.after = {};
  if (!newest) return {};
  T again = body;
  again.after = std::get<T>(newest->body).after;
  body.after = event_id(EventBody(again)) == newest->id ? again.after : newest->id;
  return {};
}

}  // namespace

Status chain(const EventLog& log, EventBody& body) {
  return std::visit(
      [&](auto& each) -> Status {
        using T = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<T, Amendment> || std::is_same_v<T, Withdrawal> || std::is_same_v<T, Retraction> || std::is_same_v<T, Review>)
          return chain_one(log, each);
        else
          return {};
      },
      body);
}

}  // namespace annals
