"""Similarity of names: what it must see through, and what must not fool it."""

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.functions.similarity import similarity

pytestmark = pytest.mark.unit

# How many of 100,000 names hold the word; a word that is not here is in one.
COMMON = {
    "global": 1_500,
    "telecommunications": 1_000,
    "services": 4_000,
    "solutions": 3_000,
    "mining": 800,
    "foods": 800,
    "fund": 1_000,
    "studio": 300,
    "channel": 200,
    "technologies": 3_000,
    "networks": 1_000,
}
# Words of grammar prove nothing, in however few names they are.
GRAMMAR = {"and"}
NAMES = 100_000
BITS = math.log2(NAMES)

settings.register_profile("linking", deadline=None)
settings.load_profile("linking")


def compare(*pairs: tuple[str, str]) -> tuple[list[float], list[float]]:
    """Similarity and evidence of pairs of loose keys, with the rarities of COMMON."""
    sides: list[Any] = []
    for side in (0, 1):
        words = [pair[side].split() for pair in pairs]
        rarity = [
            [0 if word in GRAMMAR else math.log2(NAMES / COMMON.get(word, 1)) for word in name]
            for name in words
        ]
        sides += [
            pa.array([pair[side] for pair in pairs]),
            pa.array(rarity, pa.list_(pa.float32())),
        ]
    score, evidence = similarity(sides[0], sides[1], sides[2], sides[3], np.full(len(pairs), BITS))
    return score.tolist(), evidence.tolist()


words = st.sampled_from(
    [
        *COMMON,
        *GRAMMAR,
        "kavora",
        "kavorra",
        "vodarex",
        "five",
        "9",
        "five9",
        "ii",
        "2",
        "iii",
        "tech",
        "x",
    ]
)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)


@given(st.lists(st.tuples(names, names), min_size=1, max_size=4))
def test_similarity_is_symmetric(pairs: list[tuple[str, str]]) -> None:
    forward, backward = compare(*pairs), compare(*((two, one) for one, two in pairs))
    assert forward[0] == pytest.approx(backward[0])
    assert forward[1] == pytest.approx(backward[1])


@given(names, names)
def test_similarity_is_within_bounds_and_the_batch_does_not_matter(one: str, two: str) -> None:
    alone, _ = compare((one, two))
    among, _ = compare(("kavora foods", "vodarex"), (one, two), (two, two))
    assert 0 <= alone[0] <= 100
    assert alone[0] == pytest.approx(among[1])


@given(names, st.randoms(use_true_random=False))
def test_word_order_does_not_matter(name: str, order: object) -> None:
    shuffled = name.split()
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out a Random
    assert compare((name, " ".join(shuffled)))[0] == pytest.approx([100])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("kavora mining", "mining kavora"),
        ("kavora mining", "kavora mining services"),
        ("kavora mining", "kavorra mining"),
        ("kavora telecommunications", "kavora telecomunications"),
        ("five 9 networks", "five9 networks"),
        ("kavora networks", "kavoranetworks"),
        ("kavora technologies", "kavora tech"),
        ("kavora fund ii", "kavora fund 2"),
        ("kavora networks", "kavora network"),
        ("kavora mining", "kavora mining vodarex"),
        ("kavora vodarex", "kavora vodarex zelmin services"),
        ("vodarex foods", "zelmin vodarex foods"),
        ("kavora zelmin", "kavora and zelmin"),
    ],
)
def test_alike(one: str, two: str) -> None:
    assert compare((one, two))[0][0] >= 85


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("global telecommunications services", "global telecommunications solutions"),
        ("kavora foods", "kavora mining"),
        ("kavora fund ii", "kavora fund iii"),
        ("kavora fund", "kavora fund ii"),
        ("studio 54", "studio 55"),
        ("channel four", "channel five"),
        ("abc networks", "abd networks"),
        ("kavora networks", "vodarex networks"),
        ("kavo networks", "kavi networks"),
        ("kavora mining", "kavora mining vodarex zelmin brunot"),
        ("and", "and and kavora"),
    ],
)
def test_not_alike(one: str, two: str) -> None:
    assert compare((one, two))[0][0] < 70


def test_two_established_words_are_no_misspelling_of_each_other() -> None:
    rarity = math.log2(NAMES / 40)
    lists = (
        pa.array(["corbus"]),
        pa.array([[rarity]], pa.list_(pa.float32())),
        pa.array(["corvus"]),
        pa.array([[rarity]], pa.list_(pa.float32())),
    )
    assert similarity(*lists, np.array([BITS]))[0].tolist() == [0]
    assert compare(("corbuson", "corvuson"))[0][0] > 80


def test_common_words_are_thin_evidence_however_alike_the_names_are() -> None:
    score, evidence = compare(
        ("global services", "global services"),
        ("kavora telecommunications", "kavora telecommunications"),
    )
    assert score == pytest.approx([100, 100])
    assert evidence[0] < -2
    assert evidence[1] > 5


def test_what_a_name_adds_weighs_less_than_a_partner_put_in_front_of_it() -> None:
    added, swapped, partner, contrary = compare(
        ("zelmin vodarex foods", "vodarex foods"),
        ("zelmin vodarex foods", "foods vodarex"),
        ("zelmin and vodarex foods", "vodarex foods"),
        ("zelmin vodarex foods", "kavora vodarex foods"),
    )[0]
    assert added > 85 > swapped >= partner > contrary


def test_two_names_without_a_word_of_their_own_prove_more_than_one_inside_the_other() -> None:
    _, (whole, swapped, added) = compare(
        ("kavora foods", "kavora foods"),
        ("kavora foods", "foods kavora"),
        ("kavora foods", "kavora foods mining"),
    )
    assert whole == swapped == pytest.approx(added + 5)
