"""Compiled lists of the largest units of each draw.

An entry is one number of 64 bits: the bits of the amount, which are in the order of amounts that are not negative,
and below them the unit counted from behind, so that of equal amounts the earlier unit is the larger entry.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hginventory._types import Ints, Ints32, Singles
from hginventory.ensemble.kernels.aligned_arrays import OCTET
from hginventory.ensemble.kernels.compiling import bits_float, compiled, float_bits, part

SPARE = 64  # entries of a list beyond its length, so that it is cut back seldom
NOBODY = 2**31 - 1  # stands for the unit of a free entry
_HALF = np.int64(32)
BEHIND = np.int64(0xFFFFFFFF)  # the lower half of an entry
_CHUNK = 512  # draws whose lists are worked on at once, so that they stay in the cache


def free(least: Singles, entries: int) -> Ints:
    """Return lists of free entries, shape (draws, entries), that stand for amounts of ``least``, shape (draws,).

    >>> amounts_of(free(np.array([2.5], np.float32), 2)).tolist(), units_of(free(np.zeros(1, np.float32), 2)).tolist()
    ([[2.5, 2.5]], [[-1, -1]])
    """
    return np.repeat(least.view(np.int32).astype(np.int64)[:, None] << 32, entries, axis=1)


def amounts_of(entries: Ints) -> Singles:
    """Return the amounts of entries."""
    return (entries >> 32).astype(np.int32).view(np.float32)


def units_of(entries: Ints) -> Ints32:
    """Return the units of entries; -1: a free entry."""
    return (BEHIND - (entries & BEHIND)).astype(np.uint32).view(np.int32)


def in_order(entries: Ints, out: Ints) -> None:
    """Fill ``out``, shape (draws, longest), with the largest entries of lists that are longer, the largest first.

    >>> entries, out = np.array([[4, 9, 7]]), np.zeros((1, 2), dtype=np.int64)
    >>> in_order(entries, out)
    >>> out.tolist()
    [[9, 7]]
    """
    for begin in range(0, len(entries), _CHUNK):
        part = np.sort(entries[begin : begin + _CHUNK], axis=1)
        out[begin : begin + _CHUNK] = part[:, : -out.shape[1] - 1 : -1]


def by_unit(entries: Ints, out: Ints) -> None:
    """Fill ``out`` with lists by unit: in 64 bits the unit, `NOBODY` at free entries, and below it its rank.

    Equal amounts share a rank.

    Parameters
    ----------
    entries, out : ndarray of int64, shape (draws, longest)
        The largest first.
    """
    ranks = np.arange(1, entries.shape[1] + 1)
    for begin in range(0, len(entries), _CHUNK):
        part = entries[begin : begin + _CHUNK]
        amounts, units = part >> 32, units_of(part)
        rank = np.tile(ranks, (len(part), 1))
        rank[:, 1:][amounts[:, 1:] == amounts[:, :-1]] = 0
        np.maximum.accumulate(rank, axis=1, out=rank)
        rank |= np.where(units < 0, NOBODY, units).astype(np.int64) << 32
        rank.sort(axis=1)
        out[begin : begin + _CHUNK] = rank


def last_ranks(listed: Ints) -> Singles:
    """Return the rank of the least amount of each of the lists that `by_unit` gives, shape (draws,)."""
    last: Singles = (listed & BEHIND).max(axis=1).astype(np.float32)
    return last


@part()
def drop_smallest(entries: Any, longest: Any) -> Any:
    """Drop all but the ``longest`` largest of a list, whose entries are all taken; return the least amount kept."""
    low, high = entries[0], entries[0]
    for k in range(entries.size):
        low, high = min(low, entries[k]), max(high, entries[k])
    reached = entries.size
    while reached > longest:  # no two entries are equal
        middle = high - ((high - low) >> 1)
        number = 0
        for k in range(entries.size):
            number += int(entries[k] >= middle)
        if number >= longest:
            low, reached = middle, number
        else:
            high = middle - 1
    kept, least = 0, high
    for k in range(entries.size):
        entry = entries[k]
        entries[kept] = entry
        kept += int(entry >= low)
        least = min(least, entry) if entry >= low else least
    for k in range(longest, entries.size):
        entries[k] = 0
    return bits_float(np.int32(least >> _HALF))


@part(forceinline=True)
def keep_largest(life: Any, unit: Any, longest: Any, threshold: Any, filled: Any, entries: Any,
                 marks: Any, octets: Any) -> None:  # fmt: skip
    """Keep the amounts of a unit in the lists of the largest of some draws.

    A list takes in all that is above its threshold until it has no room; then only its ``longest`` largest stay, and
    the least of these is the new threshold. A threshold of infinity marks a draw that is not wanted. ``marks`` and
    ``octets`` are room.
    """
    behind = BEHIND - unit
    for i in range(life.size):
        marks[i] = np.uint8(life[i] > threshold[i])
    for octet in range(octets.size):
        if not octets[octet]:
            continue
        for i in range(octet * OCTET, octet * OCTET + OCTET):
            if marks[i]:
                entries[i, np.uintp(filled[i])] = (np.int64(float_bits(life[i])) << _HALF) | behind
                filled[i] += np.int32(1)
                if filled[i] == entries.shape[1]:
                    threshold[i] = drop_smallest(entries[i], longest)
                    filled[i] = np.int32(longest)


@compiled(nogil=True)
def merge_largest(entries: Any, more: Any, out: Any) -> None:
    """Fill ``out`` with the largest entries of two lists a draw, the largest first."""
    for draw in range(entries.shape[0]):
        i, k = 0, 0
        for entry in range(entries.shape[1]):
            left, right = entries[draw, i], more[draw, k]
            out[draw, entry] = max(left, right)
            i += int(left >= right)
            k += int(left < right)
