// Stored bytes, damaged in any way: decoding answers an event or an error, and what passes as coming from outside encodes to the same
// bytes again (members that a newer writer added aside). The input is a patch over a real event: which event, where header and body are cut, then (offset, new byte) pairs;
// a first byte of 255 takes the rest as the bytes themselves.
#include <array>

#include "engine/codec/codec.h"
#include "tests/fuzz/fuzz.h"

namespace {
using namespace annals;

EncodedEvent encoded(EventBody body) {
  Event event;
  event.id = event_id(body);
  event.body = std::move(body);
  event.actor = "fuzz";
  event.position = Position{12};
  event.recorded_at = Instant(std::chrono::seconds(1'765'238'400));
  return *encode_event(event);
}

StatementEvent statement() {
  StatementEvent event;
  event.note = sha256("note");
  event.article.title = "H200获准销往中国";
  event.article.outlet = "海岸财经";
  event.article.published = *make_published("2025-12-09T08:12", Zone::utc(), ZoneSource::kOperator);
  event.article.text_hash = sha256("text");
  event.statement.text = "美国政府将从H200的销售额中抽走25%";
  event.statement.span = {100, 100 + event.statement.text.size()};
  event.interpreter = {"annals", 1};
  event.lexicon_version = "0";
  event.reading.quantities.push_back(
      {"25%", {140, 143}, QuantityKind::kPercent, 25, {}, Comparator::kEqual, "%", "", Basis::kLevel});
  Claim claim;
  claim.type = ClaimType::kRevenueShare;
  claim.span = event.statement.span;
  claim.quote = event.statement.text;
  claim.set("product", EntityRef{"h200", "H200", true});
  claim.set("rate", Amount{0.25, {}, Comparator::kEqual, ""});
  claim.set("status", std::string("required"));
  event.reading.claims.push_back(claim);
  return event;
}

const std::array<EncodedEvent, 4>& examples() {
  static const std::array<EncodedEvent, 4> all = {
      encoded(statement()),
      encoded(NoteArrival{sha256("note"), 1234, "digest", Encoding::kUtf8, "notes/a.txt", 1, 2}),
      encoded(Retraction{Target::of_note(sha256("note")), "the wrong file"}),
      encoded(Review{sha256("statement"), 0, {"annals", 1}, Verdict::kReject, {}, "misread"}),
  };
  return all;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  EncodedEvent event;
  if (data[0] == 255) {
    const std::size_t cut = std::min<std::size_t>(size - 3, data[1] * 8U);
    event.header.assign(reinterpret_cast<const char*>(data + 3), cut);
    event.body.assign(reinterpret_cast<const char*>(data + 3 + cut), size - 3 - cut);
  } else {
    event = examples()[data[0] % examples().size()];
    for (std::size_t i = 3; i + 2 < size; i += 3) {
      const std::size_t at = data[i] | (static_cast<std::size_t>(data[i + 1]) << 8);
      std::string& part = at % 2 == 0 ? event.header : event.body;
      if (!part.empty()) part[at / 2 % part.size()] = static_cast<char>(data[i + 2]);
    }
    event.header.resize(event.header.size() -
                        std::min<std::size_t>(event.header.size(), data[1] % 4 == 0 ? data[1] : 0));
    event.body.resize(event.body.size() - std::min<std::size_t>(event.body.size(), data[2] % 4 == 0 ? data[2] : 0));
  }
  for (const Parts parts : {Parts::kEnvelope, Parts::kClaims, Parts::kText, Parts::kAll}) {
    const auto decoded = decode_event(event.header, event.body, {parts, false});
    if (!decoded) check(!decoded.error().message.empty(), "an error says something");
  }
  if (const auto decoded = decode_event(event.header, event.body, {Parts::kAll, true})) {
    const auto again = encode_event(*decoded);
    check(again.ok(), "an event from outside can be stored");
    check(again->header == event.header || again->header.size() < event.header.size(),
          "a header from outside has one form");
    check(again->body == event.body || again->body.size() < event.body.size(), "a body from outside has one form");
  }
  return 0;
}
