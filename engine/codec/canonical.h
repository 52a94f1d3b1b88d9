#pragma once
// The canonical form of a Cap'n Proto message (https://capnproto.org/encoding.html#canonicalization) that a builder of this program has
// just made: the words in preorder, every struct without its trailing zeros.
//
// The library's canonicalize() measures a message, clears memory for it, copies it with the checks that a stranger's bytes need, and
// leaves a copy to be copied again: half of what encoding an event took. Its isCanonical() holds what comes from outside to the same
// form, and the tests hold this to it.

#include <capnp/common.h>
#include <kj/array.h>

#include <string>

namespace annals {

// `segment`: the only one of a message, the root pointer first. Requires: made by a builder and not by a stranger; no capabilities.
std::string canonical_bytes(kj::ArrayPtr<const capnp::word> segment);

}  // namespace annals
