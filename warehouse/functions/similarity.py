"""Similarity of company names that knows how much a word proves.

Every word of a name comes with its rarity: bits of information, log2 of one over the share of
names that hold the word (K. Sparck Jones, "A statistical interpretation of term specificity",
1972). Words that two names share count by their rarity, so "telecom" proves next to nothing and
"vodacom" nearly everything; the order of words counts nothing. NumPy over Arrow lists: the same
function serves any engine that hands over Arrow batches.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Share of a word's rarity that counts when another word matches it only nearly.
QUALITY = {"numeral": 1.0, "joined": 0.97, "plural": 0.97, "abbreviation": 0.85}
# Only common words are cut short ("Tech"); two rare ones that begin alike are two names. A word is
# common below this share of the rarity of a word in a single name.
ABBREVIATED_SHARE = 0.6
# A typo leaves the less of a word, the shorter the word; the first letter is seldom mistyped.
TYPO_LOSS = 1.2
FIRST_LETTER_LOSS = 1.0
# An unshared word counts from half its rarity (a word in every name) to one and a half.
UNSHARED_BASE = 0.5
# The shorter a word, the more words lie one edit away by chance: a typo in a rare word of few
# letters takes bits from the evidence, one in eight letters or more takes none.
TYPO_BITS_PER_MISSING_LETTER, TYPO_FREE_LENGTH = 1.5, 8
# A word in more than about four names is established: what looks like it is another word, unless
# that one occurs sixteen times as often.
ESTABLISHED_BITS = 2.0
MISSPELT_BITS = 4.0
# Words that stand against each other (Foods, Mining) count this much beyond being unshared.
CONTRADICTION = 0.5
# A name with a word more than the other may be a sister ("Kavora", "Kavora Mining"): what the two
# share has to prove this many bits more.
LEFT_OUT_BITS = 3.0
# Names whose numbers differ are no more alike than this.
DIFFERENT_NUMBERS = 50.0

_NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
_NUMERALS = {
    word: value
    for words in (_NUMBER_WORDS, _ROMAN, [str(value) for value in range(1, 11)])
    for value, word in enumerate(words, start=1)
}
_NUMERAL_SET = pa.array(list(_NUMERALS))
_ROMAN_SET = pa.array([word for word in _ROMAN if len(word) > 1])
_NUMBER_WORD_SET = pa.array(_NUMBER_WORDS)


# Kind and quality of a near match, the texts, the words of one name from and to (two words where
# they are joined), and the word of the other name.
Near = tuple[str, float, tuple[str, str], int, int, int]


@dataclass(frozen=True)
class _Side:
    """The words of one name of each pair, one after the other: an entry for each word."""

    pair: Integers
    text: "pa.Array[Any]"
    rarity: Floats
    length: Integers
    start: Integers  # for each pair: where its words begin
    count: Integers  # for each pair: how many words it has
    initial: Integers
    is_numeral: Flags  # digits, number words and Roman numerals
    matched: Flags

    def matched_rarity(self) -> Floats:
        """Bits of the words that found a partner, for each pair."""
        return np.bincount(
            self.pair, weights=self.rarity * self.matched, minlength=len(self.count)
        ).astype(np.float64)

    def unshared(self, bits: Floats) -> Floats:
        """Weight of the words that found no partner, for each pair.

        A rare word that only one name holds tells two companies apart; a common one was likely
        left out.
        """
        weight = self.rarity * (UNSHARED_BASE + self.rarity / bits[self.pair])
        return np.bincount(
            self.pair, weights=weight * ~self.matched, minlength=len(self.count)
        ).astype(np.float64)

    def has_unmatched(self, flags: Flags) -> Flags:
        """Whether any of the flagged words found no partner, for each pair."""
        return np.bincount(self.pair, weights=flags & ~self.matched, minlength=len(self.count)) > 0

    def take(self, words: Integers) -> list[str]:
        """Return the texts of the words."""
        texts: list[str] = self.text.take(pa.array(words)).to_pylist()
        return texts


def _side(words: "pa.Array[Any]", rarity: "pa.Array[Any]") -> _Side:
    count = np.diff(words.offsets.to_numpy())
    text = words.flatten()
    offsets = np.frombuffer(text.buffers()[1], dtype=np.int32)[
        text.offset : text.offset + len(text)
    ]
    data = text.buffers()[2]
    return _Side(
        pair=np.repeat(np.arange(len(count)), count),
        text=text,
        rarity=rarity.flatten().to_numpy(zero_copy_only=False).astype(np.float64),
        length=pc.utf8_length(text).to_numpy(zero_copy_only=False).astype(np.int64),
        initial=np.frombuffer(data, dtype=np.uint8)[offsets].astype(np.int64),
        is_numeral=pc.is_in(text, value_set=_NUMERAL_SET).to_numpy(zero_copy_only=False),
        start=np.cumsum(count) - count,
        count=count.astype(np.int64),
        matched=np.zeros(len(text), dtype=np.bool_),
    )


def _combinations(first: _Side, second: _Side) -> tuple[Integers, Integers]:
    """Every word of a first name beside every word of its partner, as two arrays of positions."""
    sizes = first.count * second.count
    pair = np.repeat(np.arange(len(sizes)), sizes)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    width = np.maximum(second.count, 1)[pair]
    return first.start[pair] + within // width, second.start[pair] + within % width


def _match_equal(first: _Side, second: _Side) -> tuple[Integers, Integers]:
    """Mark the words that both names hold; return the combinations of words still unmatched."""
    codes = pa.concat_arrays([first.text, second.text]).dictionary_encode().indices.to_numpy()
    word_1, word_2 = _combinations(first, second)
    equal = codes[word_1] == codes[len(first.text) + word_2]
    first.matched[word_1[equal]] = True
    second.matched[word_2[equal]] = True
    open_pairs = ~(first.matched[word_1] | second.matched[word_2])
    return word_1[open_pairs], word_2[open_pairs]


def _near_words(
    first: _Side, second: _Side, word_1: Integers, word_2: Integers, bits: Floats
) -> list[Near]:
    """Words of the two names that are spellings, numerals or abbreviations of one another."""
    length_1, length_2 = first.length[word_1], second.length[word_2]
    shorter, longer = np.minimum(length_1, length_2), np.maximum(length_1, length_2)
    bound = np.where(shorter <= 4, 0, np.where(shorter <= 7, 1, 2))
    within_bound = (longer - shorter <= bound) & (bound > 0)
    may_abbreviate = (longer - shorter >= 2) & (shorter >= 3)
    may_abbreviate &= first.initial[word_1] == second.initial[word_2]
    may_abbreviate &= np.minimum(first.rarity[word_1], second.rarity[word_2]) <= (
        ABBREVIATED_SHARE * bits[first.pair[word_1]]
    )
    numerals = first.is_numeral[word_1] & second.is_numeral[word_2]
    promising = within_bound | may_abbreviate | numerals
    word_1, word_2, bound = word_1[promising], word_2[promising], bound[promising]
    may_abbreviate = may_abbreviate[promising]
    texts_1, texts_2 = first.take(word_1), second.take(word_2)
    distance = cpdist(texts_1, texts_2, scorer=OSA.distance, score_cutoff=2, dtype=np.int64)
    is_typo = (distance <= bound) & _may_be_misspelt(
        first.rarity[word_1], second.rarity[word_2], bits[first.pair[word_1]]
    )
    likely = np.flatnonzero((distance <= bound) | may_abbreviate | numerals[promising]).tolist()
    lost = TYPO_LOSS * distance + FIRST_LETTER_LOSS * (
        first.initial[word_1] != second.initial[word_2]
    )
    typo_quality = 1 - lost / longer[promising]
    near: list[Near] = []
    for at in likely:
        one, other = texts_1[at], texts_2[at]
        if len(one) > len(other):
            one, other = other, one
        if one in _NUMERALS and _NUMERALS[one] == _NUMERALS.get(other):
            kind = "numeral"
        elif one.isdigit() or other.isdigit():
            continue
        elif other == one + "s":
            kind = "plural"
        elif is_typo[at]:
            kind = "typo"
        elif may_abbreviate[at] and other.startswith(one):
            kind = "abbreviation"
        else:
            continue
        quality = float(typo_quality[at]) if kind == "typo" else QUALITY[kind]
        near.append(
            (kind, quality, (one, other), int(word_1[at]), int(word_1[at]), int(word_2[at]))
        )
    return near


def _may_be_misspelt(rarity_1: Floats, rarity_2: Floats, bits: Floats) -> Flags:
    """Whether one word may be a misspelling of the other, judged by how often each occurs.

    A misspelling is rare, or at least much rarer than the word itself; two words that both occur
    again and again are two words.
    """
    rarer = np.maximum(rarity_1, rarity_2)
    return (rarer >= bits - ESTABLISHED_BITS) | (np.abs(rarity_1 - rarity_2) >= MISSPELT_BITS)


def _joined_words(first: _Side, second: _Side) -> list[Near]:
    """Two neighbouring words of the first name that the second writes as one."""
    open_first = ~first.matched
    neighbours = np.flatnonzero(
        open_first[:-1] & open_first[1:] & (first.pair[:-1] == first.pair[1:])
    )
    pair = first.pair[neighbours]
    sizes = second.count[pair]
    left = np.repeat(neighbours, sizes)
    within = np.arange(len(left)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    right = np.repeat(second.start[pair], sizes) + within
    joined_length = first.length[left] + first.length[left + 1]
    fits = ~second.matched[right] & (np.abs(joined_length - second.length[right]) <= 1)
    left, right = left[fits], right[fits]
    near: list[Near] = []
    for head, tail, whole, word_1, word_2 in zip(
        first.take(left), first.take(left + 1), second.take(right), left, right, strict=True
    ):
        joined = head + tail
        if joined == whole or (
            len(whole) >= 6 and OSA.distance(joined, whole, score_cutoff=1) <= 1
        ):
            texts = (joined, whole)
            near.append(
                ("joined", QUALITY["joined"], texts, int(word_1), int(word_1) + 1, int(word_2))
            )
    return near


def _match_near(
    first: _Side, second: _Side, word_1: Integers, word_2: Integers, bits: Floats
) -> list[tuple[int, float, float, float]]:
    """Mark the words that match nearly, best first; each word once.

    Returns (pair, bits that the two have in common, quality, cost in bits) of each match.
    """
    near = [(first, second, *match) for match in _near_words(first, second, word_1, word_2, bits)]
    near += [(first, second, *match) for match in _joined_words(first, second)]
    near += [(second, first, *match) for match in _joined_words(second, first)]
    if not near:
        return []
    rarity = {id(side): side.rarity.tolist() for side in (first, second)}
    ranked: list[tuple[float, float, list[str], int]] = []
    for one, two, _, quality, texts, start, end, other in near:
        common = min(sum(rarity[id(one)][start : end + 1]), rarity[id(two)][other])
        # Ties are broken by the words, never by the side or the place that they stand on.
        ranked.append((-quality, -common, sorted(texts), len(ranked)))
    matches = []
    taken: dict[int, set[int]] = {id(first): set(), id(second): set()}
    for minus_quality, minus_common, _, at in sorted(ranked):
        one, two, kind, _, _, start, end, other = near[at]
        words = range(start, end + 1)
        if other in taken[id(two)] or not taken[id(one)].isdisjoint(words):
            continue
        taken[id(one)].update(words)
        taken[id(two)].add(other)
        pair, length = int(one.pair[start]), min(int(one.length[start]), int(two.length[other]))
        cost = 0.0
        if kind == "typo":
            missing = max(0, TYPO_FREE_LENGTH - length)
            cost = TYPO_BITS_PER_MISSING_LETTER * missing * -minus_common / float(bits[pair])
        matches.append((pair, -minus_common, -minus_quality, cost))
    for side in (first, second):
        side.matched[list(taken[id(side)])] = True
    return matches


def similarity(
    words_1: "pa.Array[Any]",
    rarity_1: "pa.Array[Any]",
    words_2: "pa.Array[Any]",
    rarity_2: "pa.Array[Any]",
    bits: Floats,
) -> tuple[Floats, Floats]:
    """Similarity and evidence of n pairs of names.

    `words_1`, `words_2`: Arrow lists of the words of the loose keys, n lists each, none null;
    `rarity_1`, `rarity_2`: lists of the same shape, in bits; `bits`: log2 of the number of names
    among which the rarities were counted, shape (n,).

    Returns the similarity, 0 to 100: the shared rarity over the mean rarity of the two names
    (Dice's coefficient, weighted), less what contradicts; and the evidence in bits: the shared
    rarity less `bits`, so that 2 to the minus evidence is how many other names would be expected
    to hold the same words by chance; less `LEFT_OUT_BITS` where a word found no partner.
    Both are symmetric and have shape (n,).
    """
    first, second = _side(words_1, rarity_1), _side(words_2, rarity_2)
    word_1, word_2 = _match_equal(first, second)
    # A word that one name holds twice and the other once is shared once.
    equal_1, equal_2 = first.matched_rarity(), second.matched_rarity()
    shared, whole = np.minimum(equal_1, equal_2), (equal_1 + equal_2) / 2
    evidence = shared - bits

    for pair, near_bits, quality, cost in _match_near(first, second, word_1, word_2, bits):
        whole[pair] += near_bits
        shared[pair] += quality * near_bits
        evidence[pair] += quality * near_bits - cost

    unshared_1, unshared_2 = first.unshared(bits), second.unshared(bits)
    evidence -= LEFT_OUT_BITS * ((unshared_1 > 0) | (unshared_2 > 0))
    whole += (unshared_1 + unshared_2) / 2
    shared -= CONTRADICTION * np.minimum(unshared_1, unshared_2)
    score = 100 * np.clip(shared / np.maximum(whole, 1e-9), 0, 1)
    differing = _differing_numbers(first, second)
    return np.where(differing, np.minimum(score, DIFFERENT_NUMBERS), score), evidence


def _differing_numbers(first: _Side, second: _Side) -> Flags:
    """Whether a number or numeral of one name is missing in the other, for each pair."""
    spelt, written = [], []
    for side in (first, second):
        digits = pc.or_(
            pc.ascii_is_decimal(side.text), pc.is_in(side.text, value_set=_ROMAN_SET)
        ).to_numpy(zero_copy_only=False)
        words = pc.is_in(side.text, value_set=_NUMBER_WORD_SET).to_numpy(zero_copy_only=False)
        written.append(side.has_unmatched(digits))
        spelt.append(side.has_unmatched(words))
    return written[0] | written[1] | (spelt[0] & spelt[1])
