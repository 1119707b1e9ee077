"""Similarity of company names that knows how much a word proves.

Every word of a name comes with its rarity: bits of information, log2 of one over the share of
names that hold the word (K. Sparck Jones, "A statistical interpretation of term specificity",
1972). Words that two names share count by their rarity, so "telecom" proves next to nothing and
"vodacom" nearly everything; the order of words counts nothing. NumPy over Arrow lists: the same
function serves any engine that hands over Arrow batches.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from warehouse.functions.near_words import (
    Flags,
    Floats,
    Side,
    best_matches,
    match_equal,
    near_matches,
    read_names,
)

if TYPE_CHECKING:
    import pyarrow as pa

# An unshared word counts from half its rarity (a word in every name) to one and a half.
UNSHARED_BASE = 0.5
# Up to so many words that one name adds, and for which the other holds nothing else, describe the
# company ("Vodarex", "Vodarex Satellite Broadband") and count half their rarity, however rare;
# but not a partner put in front of it ("Lindqvist and Vodarex"), and not in another order.
ADDED_WORDS = 2
# The shorter a word, the more words lie one edit away by chance: a typo in a rare word of few
# letters takes bits from the evidence, one in eight letters or more takes none.
TYPO_BITS_PER_MISSING_LETTER, TYPO_FREE_LENGTH = 1.5, 8
# Words that stand against each other (Foods, Mining) count this much beyond being unshared.
CONTRADICTION = 0.5
# A name with a word more than the other may be a sister ("Kavora", "Kavora Mining"): what the two
# share has to prove this many bits more.
LEFT_OUT_BITS = 3.0
# One name in four that holds the words of another holds no others: so much is proved by two names
# without a word that only one of them has.
NONE_LEFT_OUT_BITS = 2.0
# Names whose numbers differ are no more alike than this.
DIFFERENT_NUMBERS = 50.0


def similarity(
    names_1: "pa.Array[Any]",
    rarity_1: "pa.Array[Any]",
    names_2: "pa.Array[Any]",
    rarity_2: "pa.Array[Any]",
    bits: Floats,
) -> tuple[Floats, Floats]:
    """Similarity and evidence of n pairs of names.

    `names_1`, `names_2`: Arrow strings of n loose keys each, none null or empty; `rarity_1`,
    `rarity_2`: Arrow lists of the rarity of each of their words, in bits; `bits`: log2 of the
    number of names among which the rarities were counted, shape (n,).

    Returns the similarity, 0 to 100: the shared rarity over the mean rarity of the two names
    (Dice's coefficient, weighted), less what contradicts; and the evidence in bits: the shared
    rarity less `bits`, so that 2 to the minus evidence is how many other names would be expected
    to hold the same words by chance; less `LEFT_OUT_BITS` where a word found no partner, more by
    `NONE_LEFT_OUT_BITS` where all did.
    Both are symmetric and have shape (n,).
    """
    first, second = read_names(names_1, rarity_1), read_names(names_2, rarity_2)
    word_1, word_2 = match_equal(first, second)
    # A word that one name holds twice and the other once is shared once.
    equal_1, equal_2 = first.total_rarity(first.matched), second.total_rarity(second.matched)
    shared, whole = np.minimum(equal_1, equal_2), (equal_1 + equal_2) / 2
    evidence = shared - bits

    near = near_matches(first, second, word_1, word_2, bits)
    common = np.minimum(
        first.span_rarity(near.start_1, near.end_1), second.span_rarity(near.start_2, near.end_2)
    )
    best = best_matches(first, second, near, common)
    near, common = near.take(best), common[best]
    pair = first.pair[near.start_1]
    length = np.minimum(first.length[near.start_1], second.length[near.start_2])
    missing = np.maximum(0, TYPO_FREE_LENGTH - length)
    cost = TYPO_BITS_PER_MISSING_LETTER * missing * common / bits[pair] * near.is_typo
    for side, start, end in ((first, near.start_1, near.end_1), (second, near.start_2, near.end_2)):
        side.matched[start] = True
        side.matched[end] = True

    def total(values: Floats) -> Floats:
        return np.bincount(pair, weights=values, minlength=len(bits)).astype(np.float64)

    whole += total(common)
    shared += total(near.quality * common)
    evidence += total(near.quality * common - cost)

    left_out_1, left_out_2 = first.left_out(), second.left_out()
    left_out = left_out_1 + left_out_2
    evidence += np.where(left_out > 0, -LEFT_OUT_BITS, NONE_LEFT_OUT_BITS)
    unshared_1, unshared_2 = _unshared(first, bits), _unshared(second, bits)
    added = first.total_rarity(~first.matched) + second.total_rarity(~second.matched)
    is_addition = ((left_out_1 == 0) | (left_out_2 == 0)) & (left_out <= ADDED_WORDS)
    is_addition &= first.initial_of_shared() == second.initial_of_shared()
    is_addition &= ~(first.begins_with_another() | second.begins_with_another())
    whole += np.where(is_addition, UNSHARED_BASE * added, unshared_1 + unshared_2) / 2
    shared -= CONTRADICTION * np.minimum(unshared_1, unshared_2)
    # Names of grammar alone weigh nothing: they are the same or they are not.
    is_same = ~(first.has_unmatched(~first.matched) | second.has_unmatched(~second.matched))
    score = 100 * np.where(whole > 0, np.clip(shared / np.maximum(whole, 1e-9), 0, 1), is_same)
    differing = _differing_numbers(first, second)
    return np.where(differing, np.minimum(score, DIFFERENT_NUMBERS), score), evidence


def _unshared(side: Side, bits: Floats) -> Floats:
    """Weight of the words that found no partner, for each pair.

    A rare word that only one name holds tells two companies apart; a common one was likely left
    out.
    """
    weight = side.rarity * (UNSHARED_BASE + side.rarity / bits[side.pair]) * ~side.matched
    return np.bincount(side.pair, weights=weight, minlength=len(bits)).astype(np.float64)


def _differing_numbers(first: Side, second: Side) -> Flags:
    """Whether a number or numeral of one name is missing in the other, for each pair."""
    written = first.has_unmatched(first.is_number) | second.has_unmatched(second.is_number)
    spelt = first.has_unmatched(first.is_number_word) & second.has_unmatched(second.is_number_word)
    return written | spelt
