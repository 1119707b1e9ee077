"""Search as people type: words of names in any order, typos, ids, domains, e-mail addresses."""

import re
import unicodedata
from typing import Any

from service.queries.view import ID_PATTERN, View, to_long_id
from service.statements import SQL

WORD = re.compile(r"[^\W_]+")
ADDRESS = re.compile(r"^[^\s@]*@?[^\s@]+\.[^\s@]*$|^[^\s@]+@[^\s@]*$")
MOST_WORDS = 8
LAST_CHARACTER = "\U0010ffff"
HINT = (
    "Nothing found. Try fewer letters of a name, a web domain, a contact's e-mail address or a "
    "Salesforce id."
)


def fold(text: str) -> str:
    """Lower case without accents, as the warehouse's search tokens are written."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def compose(view: View, text: str) -> tuple[str, dict[str, Any]] | None:
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
    folded = fold(text.strip())
    words = [folded] if ADDRESS.match(folded) else WORD.findall(folded)[:MOST_WORDS]
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
            found = view.reader.rows("search_corrections", word=word)
            if not found:
                return None
            statement = SQL["search_corrected_word"]
            values = {"corrections": [row["word"] for row in found]}
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
