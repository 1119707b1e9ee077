"""Search as people type: words of names in any order, typos, ids, domains, e-mail addresses."""

import re
from typing import Any

from rapidfuzz.distance import OSA

from service.queries.caller_view import ID_PATTERN, CallerView, to_long_id
from service.statements import SQL

ADDRESS = re.compile(r"^[^\s@]*@?[^\s@]+\.[^\s@]*$|^[^\s@]+@[^\s@]*$")
MOST_WORDS = 8
MOST_CORRECTIONS = 12
LAST_CHARACTER = "\U0010ffff"
HINT = (
    "Nothing found. Try fewer letters of a name, a web domain, a contact's e-mail address or a "
    "Salesforce id."
)


def corrections(view: CallerView, word: str) -> list[str]:
    """Known words within a typo's edits of characters, also within a prefix; nearest first.

    A typo is one edit in a word of four letters or more and two in one of eight or more; two
    neighbours that changed places are one edit.
    """
    most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    near = []
    for row in view.reader.rows("search_corrections", word=word, edits=most):
        known = row["word"]
        edits = min(
            OSA.distance(known, word, score_cutoff=most),
            OSA.distance(known[: len(word)], word, score_cutoff=most),
        )
        if edits <= most:
            near.append((edits, -row["customers"], known))
    return [known for _, _, known in sorted(near)[:MOST_CORRECTIONS]]


def compose(view: CallerView, text: str) -> tuple[str, dict[str, Any]] | None:
    """The common table expression `matched` for a search, with its parameters.

    None where nothing can match. A word that begins no known word is taken for a typo.
    """
    if re.match(ID_PATTERN, text):
        long_id = to_long_id(text)
        if view.value("customer_access", customer_id=long_id) is not None:
            return (
                (
                    "select customer_id, 100.0 as points from gold.serving_customer"
                    " where customer_id = $customer_id"
                ),
                {"customer_id": long_id},
            )
    (split,) = view.reader.rows("search_words", text=text.strip())
    folded = split["folded"]
    words = [folded] if ADDRESS.match(folded) else split["words"][:MOST_WORDS]
    if not words:
        return None
    parts: list[str] = []
    parameters: dict[str, Any] = {
        "may_see_personal_data": view.caller.may_see_personal_data,
    }
    for number, word in enumerate(words):
        bounds = {"word": word, "word_end": word + LAST_CHARACTER}
        if view.reader.value("search_word_exists", **bounds, **parameters):
            statement, values = SQL["search_word"], bounds
        else:
            known = corrections(view, word)
            if not known:
                return None
            statement = SQL["search_corrected_word"]
            values = {"corrections": known}
        values["word_number"] = number
        # Longest first: `$word` begins `$word_end`.
        for name in sorted(values, key=len, reverse=True):
            statement = re.sub(rf"\${name}\b", f"${name}_{number}", statement)
            parameters[f"{name}_{number}"] = values[name]
        parts.append(statement)
    matched = (
        f"select customer_id, sum(points) as points from ({' union all '.join(parts)})"
        f" group by customer_id having count(distinct word_number) = {len(words)}"
    )
    return matched, parameters
