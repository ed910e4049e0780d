"""Random numbers: the published answers of Philox, and draws that depend on nothing but seed, stream and index."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hginventory.ensemble.kernels import unit_draws
from hginventory.ensemble.streams import BLOCK, philox, random_words, stream_id
from hginventory.ensemble.table_lookup import normals

SEEDS = st.integers(0, 2**64 - 1)
STREAMS = st.integers(0, 2**64 - 1)

# Random123 1.14, tests/kat_vectors: philox4x32 10, counter, key, answer (Salmon et al. 2011).
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words_of(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def compiled_words(seed: int, block: int, stream: int) -> np.ndarray:
    out = np.empty(BLOCK, dtype=np.uint32)
    unit_draws.random_block(np.uint64(seed), block, np.uint64(stream), out)
    return out


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS, ids=["zeros", "ones", "pi"])
def test_known_answers_of_random123(counter: str, key: str, answer: str) -> None:
    words = tuple(np.array([word], dtype=np.uint64) for word in words_of(counter))
    found = philox(words, tuple(words_of(key)))  # type: ignore[arg-type]
    assert [int(word[0]) for word in found] == words_of(answer)


def test_known_answer_of_the_kernel() -> None:
    first = compiled_words(0, 0, 0).reshape(4, -1)[:, 0]
    assert [int(word) for word in first] == words_of(KNOWN_ANSWERS[0][2])


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, stream=STREAMS, block=st.integers(0, 2**20))
def test_kernel_and_numpy_draw_the_same_words(seed: int, stream: int, block: int) -> None:
    numpys = random_words(seed, np.array([stream], dtype=np.uint64), block, 1)[0]
    np.testing.assert_array_equal(compiled_words(seed, block, stream), numpys)


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, streams=st.lists(STREAMS, min_size=1, max_size=40), blocks=st.integers(1, 3))
def test_words_depend_on_nothing_but_seed_stream_and_index(seed: int, streams: list[int], blocks: int) -> None:
    every = random_words(seed, np.array(streams, dtype=np.uint64), 0, blocks)
    alone = random_words(seed, np.array(streams[-1:], dtype=np.uint64), blocks - 1, 1)
    np.testing.assert_array_equal(every[-1, -BLOCK:], alone[0])


@pytest.mark.parametrize("seeds", [(1, 2), (1, 1 + 2**32), (0, 2**63)], ids=["next", "high word", "highest bit"])
def test_every_bit_of_the_seed_counts(seeds: tuple[int, int]) -> None:
    one, other = (random_words(seed, np.array([5], dtype=np.uint64), 0, 1) for seed in seeds)
    assert (one == other).mean() < 0.01


def test_streams_are_named_by_labels_and_their_borders() -> None:
    assert stream_id("hg_coal", "country", "IDN") != stream_id("hg_coal", "countryIDN")
    assert stream_id("a", "b") != stream_id("b", "a")
    ids = {stream_id("hg_coal", "unit", f"u{number}") for number in range(100_000)}
    assert len(ids) == 100_000


def test_a_stream_keeps_its_number() -> None:
    # Part of the stream contract, from hashlib alone: changing the hash changes every published draw.
    assert stream_id("hg_coal", "plant", "IDN/Suralaya") == 16304996313803851260


def test_neighbouring_streams_and_seeds_are_not_correlated() -> None:
    streams = np.array([7, 8, stream_id("a"), stream_id("b")], dtype=np.uint64)
    drawn = np.concatenate([normals(random_words(seed, streams, 0, 32)) for seed in (1, 2)])
    correlation = np.corrcoef(drawn)[np.triu_indices(len(drawn), 1)]
    assert np.abs(correlation).max() < 5.0 / np.sqrt(drawn.shape[1])


def test_normals_are_normal() -> None:
    drawn = normals(random_words(3, np.array([stream_id("x")], dtype=np.uint64), 0, 200))[0].astype(np.float64)
    assert stats.kstest(drawn, "norm").pvalue > 1e-3
    assert abs(drawn.mean()) < 5.0 / np.sqrt(drawn.size)
    assert abs(drawn.var() - 1.0) < 5.0 * np.sqrt(2.0 / drawn.size)
    assert abs(stats.kurtosis(drawn)) < 5.0 * np.sqrt(24.0 / drawn.size)


def test_normals_are_the_inverse_of_the_distribution_function() -> None:
    tail = np.concatenate([np.geomspace(1, 2**31 - 1, 4001).astype(np.uint32), np.arange(64, dtype=np.uint32)])
    words = (tail << np.uint32(1))[:, None] | np.arange(2, dtype=np.uint32)
    exact = stats.norm.ppf((tail.astype(np.float64) + 0.5) / 2.0**32)
    found = normals(words)
    np.testing.assert_allclose(found[:, 0], exact, atol=2e-4)
    np.testing.assert_array_equal(found[:, 1], -found[:, 0])


def test_the_largest_words_read_nothing_behind_the_table() -> None:
    # They round to the end of a side; numpy once raised an IndexError there, every 60 million draws.
    words = np.array([2**32 - 1, 2**32 - 2, 2**32 - 129, 0, 1], dtype=np.uint32)
    found = normals(words)
    assert np.isfinite(found).all()
    assert np.abs(found[:3]).max() < 1e-6
    assert found[3] == -found[4] == pytest.approx(-6.338, abs=0.01)
