"""Counter-based random numbers: a draw depends on seed, stream and its own number, on nothing else.

The generator is Philox4x32-10 [1]_. Key: the seed. Counter: word 0 the index of the draw, word 1 zero, words 2
and 3 the stream, a hash of factor, scope and label. So a unit added, a block size, a thread or a worker changes no
draw of another unit, and all scenarios see the same draws.

References
----------
.. [1] Salmon et al., Parallel random numbers: as easy as 1, 2, 3. SC11 (2011), doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hginventory._types import Words64

BLOCK = 1024  # draws whose counters lie together; part of the stream contract
LANES = BLOCK // 4  # a counter makes four words; word w of counter j is draw w * LANES + j of its block
ROUNDS = 10
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (np.uint64(0x9E3779B9), np.uint64(0xBB67AE85))
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_CHUNK = 16  # streams worked on at once, so that the arrays of a round stay in the cache


def philox(
    counter: tuple[Words64, Words64, Words64, Words64], key: tuple[int, int]
) -> tuple[Words64, Words64, Words64, Words64]:
    """Return the four output words of Philox4x32-10 for arrays of counters.

    Parameters
    ----------
    counter : tuple of four ndarray of uint64
        Counter words, each below 2**32, of shapes that broadcast.
    key : tuple of two int
        Key words below 2**32.

    Examples
    --------
    The known answer for counter and key of zeros [1]_:

    >>> zero = np.zeros(1, dtype=np.uint64)
    >>> [f"{int(word[0]):08x}" for word in philox((zero, zero, zero, zero), (0, 0))]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    shape = np.broadcast_shapes(*(word.shape for word in counter))
    c0, c1, c2, c3 = (np.array(np.broadcast_to(word, shape), dtype=np.uint64) for word in counter)
    high = np.empty(shape, dtype=np.uint64)
    k0, k1 = np.uint64(key[0]), np.uint64(key[1])
    for _ in range(ROUNDS):  # in place: nothing leaves the cache
        c0 *= _MULTIPLIERS[0]
        c2 *= _MULTIPLIERS[1]
        np.right_shift(c2, _HALF, out=high)
        c1 ^= high
        c1 ^= k0
        np.right_shift(c0, _HALF, out=high)
        c3 ^= high
        c3 ^= k1
        c0 &= _LOW
        c2 &= _LOW
        c0, c1, c2, c3 = c1, c2, c3, c0
        k0, k1 = (k0 + _WEYL[0]) & _LOW, (k1 + _WEYL[1]) & _LOW
    return c0, c1, c2, c3


@lru_cache(maxsize=1 << 16)  # labels of plants and countries come again, those of a million units do not
def stream_id(*labels: str) -> int:
    """Return the 64-bit number of a stream named by its labels.

    >>> stream_id("hg_coal", "country", "IDN") == stream_id("hg_coal", "country", "IDN")
    True
    >>> stream_id("a", "bc") == stream_id("ab", "c")
    False
    """
    text = "\x1f".join(labels).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


def random_words(seed: int, streams: Words64, first_block: int, blocks: int) -> NDArray[np.uint32]:
    """Return the raw words of streams.

    Parameters
    ----------
    seed : int
        0 to 2**64 - 1.
    streams : ndarray of uint64, shape (n,)
        From `stream_id`.
    first_block, blocks : int
        Which blocks of `BLOCK` draws.

    Returns
    -------
    ndarray of uint32, shape (n, blocks * BLOCK)
    """
    key = (seed & 0xFFFFFFFF, seed >> 32)
    counters = np.arange(first_block * LANES, (first_block + blocks) * LANES, dtype=np.uint64)[None, :]
    out = np.empty((streams.size, blocks, 4, LANES), dtype=np.uint32)
    zero = np.zeros((1, 1), dtype=np.uint64)
    for begin in range(0, streams.size, _CHUNK):
        part = streams[begin : begin + _CHUNK, None]
        words = philox((counters, zero, part & _LOW, part >> _HALF), key)
        for lane, word in enumerate(words):
            out[begin : begin + _CHUNK, :, lane] = word.reshape(-1, blocks, LANES)
    return out.reshape(streams.size, blocks * BLOCK)
