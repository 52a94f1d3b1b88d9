#pragma once
// People change their minds and change them back, and the lexicon's data too. Such an event names the newest one of its kind about the
// same thing, so that the third of accepted, rejected, accepted is an event of its own, while repeating a command stays one event.

#include "engine/log/event_log.h"

namespace annals {

// Sets `after` of an amendment, withdrawal, retraction or review by what the log holds now; other kinds are left alone. Where the newest
// one says the same already, the draft becomes that very event, and appending it answers with its position. Reads the log once.
// The same thing is: for a review the statement, claim and interpreter's name; for the others their target.
Status chain(const EventLog& log, EventBody& body);

}  // namespace annals
