"""Keys of company names: what is left of a name when spelling habits are taken away.

The functions are plain Python on strings, so that any engine can call them.
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

from anyascii import anyascii
from cleanco import termdata

_VOCABULARY = Path(__file__).with_name("company_vocabulary.csv")
_APOSTROPHES = re.compile(r"['`]")
_DOTTED_INITIALS = re.compile(r"(?<![a-z0-9])(?:[a-z]\.)+[a-z](?![a-z0-9])")
# "(Nairobi)", "(old record)": what a name says in brackets is not the name, unless it is a number.
_BRACKETS = re.compile(r"[(\[{](?![\divxIVX]+[)\]}])[^()\[\]{}]*[)\]}]")
# "/DE/" or "/NV" at the end: where the company is registered, as registers write it.
_JURISDICTION = re.compile(r"(?<=\w\w)[ ,.]*\s*/\s*[A-Za-z]{2}\s*/?\s*$")
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")

# Legal forms that stand in front of a name, by the countries where that is the custom. The
# two-letter words that are also words of a language ("as", "da") are left out.
_FRONT_COUNTRIES = ("Indonesia", "Russia", "Ukraine", "Belarus", "Lithuania", "Latvia", "Sweden")
_NEVER_IN_FRONT = {"as", "at", "fa", "ij", "ik", "mb", "pp", "ps", "ud"}


def _ascii_tokens(text: str) -> tuple[str, ...]:
    """Words of a text in lower-case ASCII, punctuation dropped."""
    folded = anyascii(unicodedata.normalize("NFKC", text).casefold()).lower()
    folded = _APOSTROPHES.sub("", folded).replace("&", " and ").replace("+", " and ")
    folded = _DOTTED_INITIALS.sub(lambda initials: initials[0].replace(".", ""), folded)
    return tuple(_NOT_ALPHANUMERIC.sub(" ", folded).split())


def _join_single_letters(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Join runs of single letters: ("i", "b", "m", "research") becomes ("ibm", "research")."""
    joined: list[str] = []
    run = ""
    for token in tokens:
        if len(token) == 1 and token.isalpha():
            run += token
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(token)
    if run:
        joined.append(run)
    return tuple(joined)


# After one of these, the place belongs to the name: "Bank of Ireland".
_OF = {"of", "de", "du", "von", "di"}


@cache
def _vocabulary(kind: str) -> tuple[tuple[str, str], ...]:
    """Rows (term, replacement) of one kind from company_vocabulary.csv."""
    with _VOCABULARY.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["term"], row["replacement"]) for row in csv.DictReader(file) if row["kind"] == kind
        )


def _spellings(terms: list[str]) -> set[tuple[str, ...]]:
    """Token sequences under which legal forms occur: "s.a." as (s, a) and as (sa)."""
    sequences: set[tuple[str, ...]] = set()
    for term in terms:
        tokens = _ascii_tokens(term)
        sequences |= {tokens, _join_single_letters(tokens)}
        sequences |= {_ascii_tokens(term.replace(".", filler)) for filler in ("", " ")}
    return {sequence for sequence in sequences if sequence and sequence != ("s", "s")}


@cache
def _legal_forms() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """Legal forms as token sequences: those stripped at the end, those stripped in front."""
    own = [term for term, _ in _vocabulary("legal_form")]
    known = [term for terms in termdata.terms_by_country.values() for term in terms]
    known += [term for terms in termdata.terms_by_type.values() for term in terms]
    front = [term for term, _ in _vocabulary("legal_form_in_front")]
    front += [term for country in _FRONT_COUNTRIES for term in termdata.terms_by_country[country]]
    return (
        frozenset(_spellings(known + own + front)),
        frozenset(
            sequence
            for sequence in _spellings(front)
            if sequence[0] not in _NEVER_IN_FRONT and len("".join(sequence)) > 1
        ),
    )


@cache
def _script_affixes() -> tuple[str, ...]:
    """Legal forms of scripts that are written without spaces, longest first."""
    return tuple(sorted((t for t, _ in _vocabulary("legal_form_joined")), key=len, reverse=True))


def _cuts_initials(tokens: tuple[str, ...], position: int) -> bool:
    """Whether a cut at the position would tear initials apart: "I B M" does not end in "B.M."."""
    return len(tokens[position - 1]) == 1 and len(tokens[position]) == 1


def _strip_legal_forms(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Drop legal forms from both ends, as long as something else remains."""
    at_end, in_front = _legal_forms()
    changed = True
    while changed:
        changed = False
        for size in range(min(5, len(tokens) - 1), 0, -1):
            ending, start = tokens[-size:], tokens[:size]
            if (ending in at_end or ending == ("and",)) and not _cuts_initials(tokens, -size):
                tokens, changed = tokens[:-size], True
                break
            if start in in_front and not _cuts_initials(tokens, size):
                tokens, changed = tokens[size:], True
                break
        joined = _join_single_letters(tokens)
        if not changed and joined != tokens:
            tokens, changed = joined, True
    return tokens


def strict_key(name: str) -> str:
    """Key of a name without case, accents, script, punctuation and legal form.

    Empty when the name holds no letter and no digit. Idempotent.
    """
    text = unicodedata.normalize("NFKC", name)
    if not text.isascii():
        for affix in _script_affixes():
            text = text.replace(affix, " ") if text.strip() != affix else text
    return " ".join(_strip_legal_forms(_ascii_tokens(text)))


@cache
def _loose_vocabulary() -> tuple[frozenset[tuple[str, ...]], dict[str, str]]:
    """Words that the loose key drops, as token sequences, and abbreviations with their words."""
    dropped = [term for kind in ("region", "group") for term, _ in _vocabulary(kind)]
    return (
        frozenset(_ascii_tokens(term) for term in dropped),
        dict(_vocabulary("abbreviation")),
    )


def loose_key(name: str) -> str:
    """Strict key without region and country words, Group, Holdings and a leading The.

    Common abbreviations are written out. A word is dropped only where another remains.
    """
    dropped, abbreviations = _loose_vocabulary()
    text = _JURISDICTION.sub("", unicodedata.normalize("NFKC", name))
    tokens = (strict_key(_BRACKETS.sub(" ", text)) or strict_key(text)).split()
    if len(tokens) > 1 and tokens[0] == "the":
        del tokens[0]
    tokens = [abbreviations.get(token, token) for token in tokens]
    kept: list[str] = []
    position = 0
    while position < len(tokens):
        for size in range(min(4, len(tokens) - position), 0, -1):
            if tuple(tokens[position : position + size]) in dropped and not (
                kept and kept[-1] in _OF
            ):
                position += size
                break
        else:
            kept.append(tokens[position])
            position += 1
    remaining = _strip_legal_forms(tuple(kept)) if kept else tuple(tokens)
    return " ".join(remaining)
