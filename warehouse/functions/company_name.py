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
_DOTTED_INITIALS = re.compile(r"(?<![a-z0-9])(?:[a-z]\.)+[a-z](?![a-z0-9])", re.IGNORECASE)
# "(Nairobi)", "(old record)": what a name says in brackets is not the name, unless it is a number.
_BRACKETS = re.compile(r"[(\[{](?![\divxIVX]+[)\]}])[^()\[\]{}]*[)\]}]")
_OPENING = re.compile(r"[(\[{]")
# "/DE/", "/NV" or "/NEW/" at the end: marks that registers set behind a name.
_REGISTER_MARK = re.compile(
    r"(?:\s/\s*[a-z]{2}\s*/?|/(?:[a-z]{2}|new|old)/|(?:(?<=inc)|(?<=corp)|(?<=ltd)|(?<=\bco))/[a-z]{2})\s*$",
    re.IGNORECASE,
)
# ASCII as it is compared: lower case, apostrophes dropped, "&" and "+" spelt out, the rest a space.
_FOLDED = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)} | {
    ord("'"): "",
    ord("`"): "",
    ord("&"): " and ",
    ord("+"): " and ",
}

Phrase = tuple[str, ...]

# Legal forms that stand in front of a name, by the countries where that is the custom. The
# two-letter words that are also words of a language ("as", "da") are left out.
_FRONT_COUNTRIES = ("Indonesia", "Russia", "Ukraine", "Belarus", "Lithuania", "Latvia", "Sweden")
_NEVER_IN_FRONT = {"as", "at", "fa", "ij", "ik", "mb", "pp", "ps", "ud"}


def _words(text: str) -> list[str]:
    """Words of a text in lower-case ASCII, punctuation dropped."""
    if not text.isascii():
        text = anyascii(unicodedata.normalize("NFKC", text).casefold())
    if "." in text:
        text = _DOTTED_INITIALS.sub(lambda initials: initials[0].replace(".", ""), text)
    return text.translate(_FOLDED).split()


def _join_single_letters(words: list[str]) -> list[str]:
    """Join runs of single letters: ["i", "b", "m", "research"] becomes ["ibm", "research"]."""
    if min(map(len, words), default=2) > 1:
        return words
    joined: list[str] = []
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(word)
    if run:
        joined.append(run)
    return joined


# After one of these, the place belongs to the name: "Bank of Ireland".
_OF = {"of", "de", "du", "von", "di"}


@cache
def _vocabulary(kind: str) -> tuple[tuple[str, str], ...]:
    """Rows (term, replacement) of one kind from company_vocabulary.csv."""
    with _VOCABULARY.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["term"], row["replacement"]) for row in csv.DictReader(file) if row["kind"] == kind
        )


def _spellings(terms: list[str]) -> set[Phrase]:
    """Phrases under which legal forms occur: "s.a." as (s, a) and as (sa)."""
    phrases: set[Phrase] = set()
    for term in terms:
        for spelling in (term, term.replace(".", ""), term.replace(".", " ")):
            words = _words(spelling)
            phrases |= {tuple(words), tuple(_join_single_letters(words))}
    return phrases - {()}


def _indexed(phrases: set[Phrase], end: int) -> dict[str, list[list[str]]]:
    """Phrases by their first word (end 0) or last word (end -1), longest first."""
    index: dict[str, list[list[str]]] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)):
        index.setdefault(phrase[end], []).append(list(phrase))
    return index


@cache
def _legal_forms() -> tuple[dict[str, list[list[str]]], dict[str, list[list[str]]]]:
    """Legal forms stripped at the end, by their last word, and in front, by their first."""
    own = [term for term, _ in _vocabulary("legal_form")]
    known = [term for terms in termdata.terms_by_country.values() for term in terms]
    known += [term for terms in termdata.terms_by_type.values() for term in terms]
    front = [term for term, _ in _vocabulary("legal_form_in_front")]
    front += [term for country in _FRONT_COUNTRIES for term in termdata.terms_by_country[country]]
    in_front = {
        phrase
        for phrase in _spellings(front)
        if phrase[0] not in _NEVER_IN_FRONT and len("".join(phrase)) > 1
    }
    at_end = _spellings(known + own + front) | {("and",)}
    return _indexed(at_end, -1), _indexed(in_front, 0)


@cache
def _script_affixes() -> tuple[str, ...]:
    """Legal forms of scripts that are written without spaces, longest first."""
    return tuple(sorted((t for t, _ in _vocabulary("legal_form_joined")), key=len, reverse=True))


def _cuts_initials(words: list[str], position: int) -> bool:
    """Whether a cut at the position would tear initials apart: "I B M" does not end in "B.M."."""
    return len(words[position - 1]) == 1 and len(words[position]) == 1


def _strip_legal_forms(words: list[str]) -> list[str]:
    """Drop legal forms from both ends, as long as something else remains; join initials."""
    at_end, in_front = _legal_forms()
    while True:
        for form in at_end.get(words[-1], ()):
            size = len(form)
            if size < len(words) and words[-size:] == form and not _cuts_initials(words, -size):
                words = words[:-size]
                break
        else:
            for form in in_front.get(words[0], ()):
                size = len(form)
                if size < len(words) and words[:size] == form and not _cuts_initials(words, size):
                    words = words[size:]
                    break
            else:
                joined = _join_single_letters(words)
                if len(joined) == len(words):
                    return words
                words = joined


def _strict_words(text: str) -> list[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        for affix in _script_affixes():
            text = text.replace(affix, " ") if text.strip() != affix else text
    words = _words(text)
    return _strip_legal_forms(words) if words else words


def strict_key(name: str) -> str:
    """Key of a name without case, accents, script, punctuation and legal form.

    Empty when the name holds no letter and no digit. Idempotent.
    """
    return " ".join(_strict_words(name))


@cache
def _loose_vocabulary() -> tuple[dict[str, list[list[str]]], dict[str, str], set[str]]:
    """Phrases that the loose key drops, by first word; abbreviations; every word of interest."""
    dropped = [term for kind in ("region", "group") for term, _ in _vocabulary(kind)]
    phrases = _indexed({tuple(_words(term)) for term in dropped}, 0)
    abbreviations = dict(_vocabulary("abbreviation"))
    return phrases, abbreviations, {"the", *phrases, *abbreviations}


def _loosen(words: list[str]) -> list[str]:
    """Drop a leading The and what the loose vocabulary names, as long as something remains.

    The words are free of legal forms before and after.
    """
    dropped, abbreviations, known = _loose_vocabulary()
    if known.isdisjoint(words):
        return words
    words = [abbreviations.get(word, word) for word in words]
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    position = 0
    kept: list[str] = []
    while position < len(words):
        word = words[position]
        for phrase in dropped.get(word, ()):
            if words[position : position + len(phrase)] == phrase and not (
                kept and kept[-1] in _OF
            ):
                position += len(phrase)
                break
        else:
            kept.append(word)
            position += 1
    return _strip_legal_forms(kept or words)


def _loose_words(name: str, strict: list[str]) -> list[str]:
    """Words of the loose key of a name whose strict key has the given words."""
    text = name if name.isascii() else unicodedata.normalize("NFKC", name)
    if "/" in text:
        text = _REGISTER_MARK.sub("", text)
    words = _strict_words(_BRACKETS.sub(" ", text)) if _OPENING.search(text) else []
    words = words or (strict if text == name else _strict_words(text)) or strict
    while words:
        loosened = _loosen(words)
        if loosened == words:
            break
        words = loosened
    return words


def keys(name: str) -> tuple[str, str]:
    """Return the strict key and the loose key of a name, for little more than one of them costs."""
    strict = _strict_words(name)
    return " ".join(strict), " ".join(_loose_words(name, strict))


def loose_key(name: str) -> str:
    """Strict key without region and country words, Group, Holdings and a leading The.

    What stands in brackets goes too, and common abbreviations are written out; a word is dropped
    only where another remains. Empty when the strict key is. Idempotent.
    """
    return keys(name)[1]
