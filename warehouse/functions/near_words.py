"""Words that two names share, exactly or nearly: typos, plurals, numerals, abbreviations, joins.

NumPy over Arrow strings and lists: a batch of names is one array of words on each side. See
`similarity` for what the words prove.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA, Prefix
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
# A word in more than about four names is established: what looks like it is another word, unless
# that one occurs sixteen times as often.
ESTABLISHED_BITS = 2.0
MISSPELT_BITS = 4.0
_NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
_NUMERALS = {
    word: value
    for words in (_NUMBER_WORDS, _ROMAN, [str(value) for value in range(1, 11)])
    for value, word in enumerate(words, start=1)
}
_NUMERAL_SET = pa.array(list(_NUMERALS))
_NUMERAL_VALUES = np.array([*_NUMERALS.values(), 0])
# A word joined by one of these names another party.
_CONJUNCTION_SET = pa.array(["and", "und", "et", "y", "och", "og"])
_IS_NUMBER_WORD = np.array([*(word in _NUMBER_WORDS for word in _NUMERALS), False])
# "v" and "x" alone may be initials.
_IS_ROMAN = np.array([*(word in _ROMAN and len(word) > 1 for word in _NUMERALS), False])


@dataclass(frozen=True)
class Side:
    """The words of one name of each pair, one after the other: an entry for each word."""

    pair: Integers
    text: "pa.Array[Any]"
    rarity: Floats
    length: Integers
    start: Integers  # for each pair: where its words begin
    count: Integers  # for each pair: how many words it has
    initial: npt.NDArray[np.uint8]
    final: npt.NDArray[np.uint8]
    letters: npt.NDArray[np.uint64]  # the set of a word's letters, a bit for each
    numeral: Integers  # value of digits, number words and Roman numerals up to ten, or 0
    is_digits: Flags
    is_number: Flags  # digits or a Roman numeral
    is_number_word: Flags
    matched: Flags

    def span_rarity(self, start: Integers, end: Integers) -> Floats:
        """Bits of the one word or two neighbouring words at each of the spans."""
        return self.rarity[start] + np.where(end > start, self.rarity[end], 0)

    def total_rarity(self, words: Flags) -> Floats:
        """Bits of the flagged words, for each pair."""
        return np.bincount(
            self.pair, weights=self.rarity * words, minlength=len(self.count)
        ).astype(np.float64)

    def left_out(self) -> Integers:
        """Words that found no partner and carry any bits, for each pair."""
        return np.bincount(
            self.pair, weights=~self.matched & (self.rarity > 0), minlength=len(self.count)
        ).astype(np.int64)

    def initial_of_shared(self) -> npt.NDArray[np.uint8]:
        """First letter of the first word that found a partner, for each pair."""
        place = np.where(self.matched, np.arange(len(self.matched)), len(self.matched) - 1)
        return self.initial[np.minimum.reduceat(place, self.start)]

    def begins_with_another(self) -> Flags:
        """Whether the first word and a conjunction found no partner, for each pair."""
        joins = pc.is_in(self.text, value_set=_CONJUNCTION_SET).to_numpy(zero_copy_only=False)
        return ~self.matched[self.start] & self.has_unmatched(joins)

    def has_unmatched(self, flags: Flags) -> Flags:
        """Whether any of the flagged words found no partner, for each pair."""
        return np.bincount(self.pair, weights=flags & ~self.matched, minlength=len(self.count)) > 0

    def take(self, words: Integers) -> list[str]:
        """Return the texts of the words."""
        texts: list[str] = self.text.take(pa.array(words)).to_pylist()
        return texts


def read_names(names: "pa.Array[Any]", rarity: "pa.Array[Any]") -> Side:
    """Words of n loose keys, Arrow strings, with the Arrow list of their rarities in bits."""
    count = np.diff(rarity.offsets.to_numpy()).astype(np.int64)
    offsets = np.frombuffer(names.buffers()[1], dtype=np.int32)
    offsets = offsets[names.offset : names.offset + len(names) + 1]
    text = np.frombuffer(names.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    # A word ends before a space or with its name; keys are ASCII, so a byte is a letter.
    is_space = text == ord(" ")
    is_last = np.append(is_space[1:], True)
    is_last[offsets[1:] - offsets[0] - 1] = True
    letters = text[~is_space]
    end = np.flatnonzero(is_last[~is_space]) + 1
    start = np.append(0, end[:-1])
    words = pa.Array.from_buffers(
        pa.string(),
        len(end),
        [None, pa.py_buffer(np.append(0, end).astype(np.int32)), pa.py_buffer(letters)],
    )
    known = pc.fill_null(pc.index_in(words, value_set=_NUMERAL_SET), -1)
    numeral = known.to_numpy(zero_copy_only=False)
    is_digits = pc.ascii_is_decimal(words).to_numpy(zero_copy_only=False)
    # A digit may share the bit of a letter.
    letter_bits = np.left_shift(np.uint64(1), letters & np.uint8(63), dtype=np.uint64)
    return Side(
        pair=np.repeat(np.arange(len(count)), count),
        text=words,
        rarity=rarity.flatten().to_numpy(zero_copy_only=False).astype(np.float64),
        length=end - start,
        initial=letters[start],
        final=letters[end - 1],
        letters=np.bitwise_or.reduceat(letter_bits, start),
        numeral=_NUMERAL_VALUES[numeral],
        is_digits=is_digits,
        is_number=is_digits | _IS_ROMAN[numeral],
        is_number_word=_IS_NUMBER_WORD[numeral],
        start=np.cumsum(count) - count,
        count=count,
        matched=np.zeros(len(words), dtype=np.bool_),
    )


def _combinations(first: Side, second: Side) -> tuple[Integers, Integers]:
    """Every word of a first name beside every word of its partner, as two arrays of positions."""
    sizes = first.count * second.count
    pair = np.repeat(np.arange(len(sizes)), sizes)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    width = np.maximum(second.count, 1)[pair]
    return first.start[pair] + within // width, second.start[pair] + within % width


def match_equal(first: Side, second: Side) -> tuple[Integers, Integers]:
    """Mark the words that both names hold; return the combinations of words still unmatched."""
    word_1, word_2 = _combinations(first, second)
    likely = np.flatnonzero(
        (first.letters[word_1] == second.letters[word_2])
        & (first.length[word_1] == second.length[word_2])
    )
    equal_1, equal_2 = word_1[likely], word_2[likely]
    equal = pc.equal(
        first.text.take(pa.array(equal_1)), second.text.take(pa.array(equal_2))
    ).to_numpy(zero_copy_only=False)
    first.matched[equal_1[equal]] = True
    second.matched[equal_2[equal]] = True
    open_pairs = ~(first.matched[word_1] | second.matched[word_2])
    return word_1[open_pairs], word_2[open_pairs]


@dataclass(frozen=True)
class _Near:
    """Near matches: one word, or two neighbours that the other name writes as one, on each side."""

    quality: Floats
    is_typo: Flags
    start_1: Integers
    end_1: Integers
    start_2: Integers
    end_2: Integers

    def take(self, matches: Integers) -> "_Near":
        """Return the given ones, in that order."""
        return _Near(**{name: values[matches] for name, values in vars(self).items()})


def _near_words(
    first: Side, second: Side, word_1: Integers, word_2: Integers, bits: Floats
) -> _Near:
    """Words of the two names that are spellings, numerals or abbreviations of one another."""
    length_1, length_2 = first.length[word_1], second.length[word_2]
    rarity_1, rarity_2 = first.rarity[word_1], second.rarity[word_2]
    name_bits = bits[first.pair[word_1]]
    shorter, longer = np.minimum(length_1, length_2), np.maximum(length_1, length_2)
    bound = np.where(shorter <= 4, 0, np.where(shorter <= 7, 1, 2))
    same_initial = first.initial[word_1] == second.initial[word_2]
    same_final = first.final[word_1] == second.final[word_2]
    other_letters = np.bitwise_count(first.letters[word_1] ^ second.letters[word_2])
    # One edit leaves the first letter or the last, and takes one letter for another at most.
    may_be_typo = (longer - shorter <= bound) & (bound > 0) & (other_letters <= 2 * bound)
    may_be_typo &= same_initial | same_final | (bound == 2)
    may_be_typo &= _may_be_misspelt(rarity_1, rarity_2, name_bits)
    final = np.where(length_1 > length_2, first.final[word_1], second.final[word_2])
    may_be_plural = (longer - shorter == 1) & (bound > 0) & same_initial & (final == ord("s"))
    may_be_plural &= other_letters <= 1
    may_abbreviate = (longer - shorter >= 2) & (shorter >= 3) & same_initial
    may_abbreviate &= other_letters <= longer - shorter
    may_abbreviate &= np.minimum(rarity_1, rarity_2) <= ABBREVIATED_SHARE * name_bits
    same_numeral = (first.numeral[word_1] > 0) & (first.numeral[word_1] == second.numeral[word_2])
    is_digits = first.is_digits[word_1] | second.is_digits[word_2]
    # The text of most words need not be read.
    promising = np.flatnonzero(
        ((may_be_typo | may_be_plural | may_abbreviate) & ~is_digits) | same_numeral
    )
    word_1, word_2, same_initial = word_1[promising], word_2[promising], same_initial[promising]
    bound, shorter, longer = bound[promising], shorter[promising], longer[promising]
    may_be_typo, may_be_plural = may_be_typo[promising], may_be_plural[promising]
    may_abbreviate, same_numeral = may_abbreviate[promising], same_numeral[promising]
    texts_1, texts_2 = first.take(word_1), second.take(word_2)
    distance = cpdist(texts_1, texts_2, scorer=OSA.distance, score_cutoff=2, dtype=np.int64)
    begins = np.zeros(len(word_1), dtype=np.bool_)
    unequal = np.flatnonzero(may_abbreviate | may_be_plural)
    begins[unequal] = shorter[unequal] == cpdist(
        [texts_1[at] for at in unequal],
        [texts_2[at] for at in unequal],
        scorer=Prefix.similarity,
        dtype=np.int64,
    )
    is_plural = may_be_plural & begins
    is_typo = may_be_typo & (distance <= bound)
    lost = TYPO_LOSS * distance + FIRST_LETTER_LOSS * ~same_initial
    kinds = [same_numeral, is_plural, is_typo, may_abbreviate & begins]
    quality = np.select(
        kinds,
        [QUALITY["numeral"], QUALITY["plural"], 1 - lost / longer, QUALITY["abbreviation"]],
        -np.inf,
    )
    near = np.flatnonzero(quality > -np.inf)
    word_1, word_2 = word_1[near], word_2[near]
    is_typo &= ~same_numeral & ~is_plural
    return _Near(quality[near], is_typo[near], word_1, word_1, word_2, word_2)


def _may_be_misspelt(rarity_1: Floats, rarity_2: Floats, bits: Floats) -> Flags:
    """Whether one word may be a misspelling of the other, judged by how often each occurs.

    A misspelling is rare, or at least much rarer than the word itself; two words that both occur
    again and again are two words.
    """
    rarer = np.maximum(rarity_1, rarity_2)
    return (rarer >= bits - ESTABLISHED_BITS) | (np.abs(rarity_1 - rarity_2) >= MISSPELT_BITS)


def _joined_words(first: Side, second: Side) -> tuple[Integers, Integers]:
    """Two neighbours of the first name that the second writes as one: the former, and the one."""
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
    # One edit leaves the first letter or the last.
    fits &= (first.initial[left] == second.initial[right]) | (
        first.final[left + 1] == second.final[right]
    )
    letters = first.letters[left] | first.letters[left + 1]
    fits &= np.bitwise_count(letters ^ second.letters[right]) <= 2
    left, right = left[fits], right[fits]
    joined = np.zeros(len(left), dtype=np.bool_)
    texts = zip(first.take(left), first.take(left + 1), second.take(right), strict=True)
    for at, (head, tail, whole) in enumerate(texts):
        both = head + tail
        joined[at] = both == whole or (
            len(whole) >= 6 and OSA.distance(both, whole, score_cutoff=1) <= 1
        )
    return left[joined], right[joined]


def near_matches(
    first: Side, second: Side, word_1: Integers, word_2: Integers, bits: Floats
) -> _Near:
    """Every near match, those that compete for a word included."""
    words = _near_words(first, second, word_1, word_2, bits)
    split_1, whole_2 = _joined_words(first, second)
    split_2, whole_1 = _joined_words(second, first)
    count = len(split_1) + len(split_2)
    return _Near(
        np.concatenate([words.quality, np.full(count, QUALITY["joined"])]),
        np.concatenate([words.is_typo, np.zeros(count, dtype=np.bool_)]),
        np.concatenate([words.start_1, split_1, whole_1]),
        np.concatenate([words.end_1, split_1 + 1, whole_1]),
        np.concatenate([words.start_2, whole_2, split_2]),
        np.concatenate([words.end_2, whole_2, split_2 + 1]),
    )


def best_matches(first: Side, second: Side, near: _Near, common: Floats) -> Integers:
    """Near matches to keep, so that each word has one partner: the best come first."""
    pair = first.pair[near.start_1]
    is_contested = np.bincount(pair)[pair] > 1 if len(pair) else np.zeros(0, dtype=np.bool_)
    contested = np.flatnonzero(is_contested)
    texts: list[list[str]] = [[] for _ in contested]
    for side, start, end in (
        (first, near.start_1[contested], near.end_1[contested]),
        (second, near.start_2[contested], near.end_2[contested]),
    ):
        for at, (head, tail) in enumerate(zip(side.take(start), side.take(end), strict=True)):
            texts[at].append(head if start[at] == end[at] else head + tail)
    # Ties are broken by the words, never by the side or the place that they stand on.
    ranked = sorted(
        (-near.quality[at], -common[at], sorted(words), int(at))
        for at, words in zip(contested, texts, strict=True)
    )
    kept = []
    taken_1: set[int] = set()
    taken_2: set[int] = set()
    for *_, at in ranked:
        words_1 = {int(near.start_1[at]), int(near.end_1[at])}
        words_2 = {int(near.start_2[at]), int(near.end_2[at])}
        if taken_1.isdisjoint(words_1) and taken_2.isdisjoint(words_2):
            taken_1 |= words_1
            taken_2 |= words_2
            kept.append(at)
    return np.concatenate([np.flatnonzero(~is_contested), np.array(kept, dtype=np.int64)])
