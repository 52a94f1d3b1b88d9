"""The Merkle tree of RFC 9162, written from the text of its section 2.1 alone, as a second opinion on engine/proof.

For each size from 0 to the one given it prints: the size, the root, SHA-256 over all inclusion proofs (leaf 0 first) and SHA-256 over
all consistency proofs (from size 1 first), the hashes of a proof joined and preceded by their number in one byte. Leaf i is the
SHA-256 of 0x00 and i in decimal. With --check it reads lines "i INDEX SIZE LEAF ROOT HASH…" and "c FROM TO ROOT ROOT HASH…" from standard input and prints, per
line, whether the proof holds by the algorithms of 2.1.3.2 and 2.1.4.2.
"""

import functools
import hashlib
import sys


def sha(data):
    return hashlib.sha256(data).digest()


def leaf(i):
    return sha(b"\x00" + str(i).encode())


@functools.lru_cache(maxsize=None)
def mth(begin, end):  # 2.1.1: MTH(D[begin:end])
    n = end - begin
    if n == 0:
        return sha(b"")
    if n == 1:
        return leaf(begin)
    k = split(n)
    return sha(b"\x01" + mth(begin, begin + k) + mth(begin + k, end))


def split(n):  # the largest power of two smaller than n
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m, begin, end):  # 2.1.3.1
    n = end - begin
    if n == 1:
        return []
    k = split(n)
    if m < k:
        return path(m, begin, begin + k) + [mth(begin + k, end)]
    return path(m - k, begin + k, end) + [mth(begin, begin + k)]


def subproof(m, begin, end, b):  # 2.1.4.1
    n = end - begin
    if m == n:
        return [] if b else [mth(begin, end)]
    k = split(n)
    if m <= k:
        return subproof(m, begin, begin + k, b) + [mth(begin + k, end)]
    return subproof(m - k, begin + k, end, False) + [mth(begin, begin + k)]


def inclusion_holds(index, size, r, root, proof):  # 2.1.3.2
    if index >= size:
        return False
    fn, sn = index, size - 1
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = sha(b"\x01" + p + r)
            if not fn & 1:
                while not (fn & 1 or fn == 0):
                    fn >>= 1
                    sn >>= 1
        else:
            r = sha(b"\x01" + r + p)
        fn >>= 1
        sn >>= 1
    return sn == 0 and r == root


def consistency_holds(first, second, first_hash, second_hash, proof):  # 2.1.4.2
    if not proof:
        return False
    if first & (first - 1) == 0:
        proof = [first_hash] + proof
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr = sha(b"\x01" + c + fr)
            sr = sha(b"\x01" + c + sr)
            if not fn & 1:
                while not (fn & 1 or fn == 0):
                    fn >>= 1
                    sn >>= 1
        else:
            sr = sha(b"\x01" + sr + c)
        fn >>= 1
        sn >>= 1
    return fr == first_hash and sr == second_hash and sn == 0


def joined(proofs):
    out = hashlib.sha256()
    for proof in proofs:
        out.update(bytes([len(proof)]) + b"".join(proof))
    return out.hexdigest()


def check():
    for line in sys.stdin:
        kind, a, b, one, two, *proof = line.split()
        proof = [bytes.fromhex(each) for each in proof]
        holds = inclusion_holds if kind == "i" else consistency_holds
        print("holds" if holds(int(a), int(b), bytes.fromhex(one), bytes.fromhex(two), proof) else "fails")


if sys.argv[1] == "--check":
    check()
else:
    for n in range(int(sys.argv[1]) + 1):
        included = joined(path(m, 0, n) for m in range(n))
        consistent = joined(subproof(m, 0, n, True) for m in range(1, n))
        print(n, mth(0, n).hex(), included, consistent)
