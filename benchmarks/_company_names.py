"""Company names with known truth: many spellings of each company, and look-alikes of others."""

import random
from collections.abc import Callable
from itertools import accumulate
from typing import NamedTuple


def _listed(text: str, separator: str | None = None) -> list[str]:
    return text.split(separator)


INDUSTRIES = _listed(
    """
    telecom networks energy foods logistics mining bank insurance capital media software
    construction engineering pharma medical motors airlines foundry textiles chemicals steel timber
    security properties retail farms fisheries shipping hotels travel publishing printing plastics
    instruments electronics semiconductors consulting advisory staffing cleaning catering furniture
    glass paper packaging breweries wines beverages dairy bakery fitness dental optical veterinary
    gas water power solar wind oil drilling surveying aviation rail freight couriers storage"""
)
TYPES = _listed(
    """
    services solutions systems technologies international industries partners associates
    enterprises ventures management trading supplies products works group holdings"""
)
ADJECTIVES = _listed(
    """
    global united national first general premier advanced royal modern universal
    digital smart integrated central northern southern eastern western pacific atlantic allied
    standard american african european new blue green golden silver"""
)
REGIONS = _listed(
    """
    Africa Kenya Nigeria Ghana Europe UK Germany France Ireland USA Canada Asia Australia
    India Singapore EMEA APAC Tanzania Uganda Zambia Netherlands Spain"""
) + _listed("South Africa;North America;New Zealand", ";")
LEGAL_FORMS = _listed(
    "Ltd;Limited;Ltd.;Inc;Inc.;LLC;L.L.C.;Corp;Corporation;Company;Co.;PLC;GmbH;AG;S.A.;S.A.R.L.;"
    "B.V.;N.V.;Pty Ltd;(Pty) Ltd;Pte. Ltd.;S.r.l.;S.p.A.;AB;Oy;A/S;Sp. z o.o.;S.L.",
    ";",
)
ABBREVIATIONS = {
    "international": "Intl",
    "services": "Svcs",
    "technologies": "Tech",
    "management": "Mgmt",
    "associates": "Assoc",
    "systems": "Sys",
    "industries": "Ind",
    "manufacturing": "Mfg",
    "engineering": "Eng",
    "national": "Natl",
    "telecom": "Telecommunications",
    "holdings": "Hldgs",
    "group": "Grp",
}
ONSETS = _listed(
    "b c d f g h j k l m n p r s t v w z br cl dr fl gr kr pl pr qu sc sh sl sp st th tr"
)
VOWELS = _listed("a e i o u a e i o ai ea ee io ou")
CODAS = ["", "", "", "", "n", "r", "s", "l", "m", "x", "nd", "rt", "ck", "th", "nt", "ss"]
NUMERALS = ("II", "III", "IV", "V")
ACCENTS = str.maketrans({"a": "á", "e": "é", "o": "ö", "u": "ü", "i": "í", "c": "ç", "n": "ñ"})
CLUSTER_SIZES, CLUSTER_WEIGHTS = range(1, 9), (55, 20, 12, 7, 3, 1.5, 1, 0.5)
COUNTRIES = ("ZA", "KE", "NG", "GB", "DE", "FR", "US", "AU")


class Account(NamedTuple):
    """What is known of an account beside its name; the parent is another account's position."""

    country_code: str | None
    registration_number: str | None
    web_domain: str | None
    parent: int | None


class Contact(NamedTuple):
    """A contact of the account at a position."""

    account: int
    email: str
    phone: str


def _word(rng: random.Random, syllables: int) -> str:
    return "".join(
        rng.choice(ONSETS) + rng.choice(VOWELS) + (rng.choice(CODAS) if last else "")
        for last in [False] * (syllables - 1) + [True]
    )


def _zipf(rng: random.Random, words: list[str]) -> Callable[[], str]:
    """Sampler that draws the k-th word with weight 1 / (k + 5)."""
    totals = list(accumulate(1 / (rank + 5) for rank in range(len(words))))

    def draw() -> str:
        return rng.choices(words, cum_weights=totals)[0]

    return draw


def _typo(rng: random.Random, word: str) -> str:
    """Drop, double, replace or swap letters: once, in long words sometimes twice."""
    for _ in range(2 if len(word) >= 8 and rng.random() < 0.2 else 1):
        at = rng.randrange(1, len(word) - 1)
        word = rng.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )
    return word


def _other(draw: Callable[[], str], words: list[str]) -> str:
    """Draw until the word is none of those given."""
    while (word := draw()) in words:
        pass
    return word


def _spelling(rng: random.Random, base: list[str]) -> str:  # noqa: C901  # a list of habits, one after the other
    """One way a person may have typed the name."""
    words = list(base)
    chance = rng.random
    if len(words) > 2 and words[-1] in TYPES and chance() < 0.06:
        del words[-1]
    words = [
        ABBREVIATIONS[word] if word in ABBREVIATIONS and chance() < 0.15 else word for word in words
    ]
    long_words = [at for at, word in enumerate(words) if len(word) >= 5]
    if long_words and chance() < 0.12:
        at = rng.choice(long_words)
        words[at] = _typo(rng, words[at])
    if len(words) > 1 and chance() < 0.05:
        words[0:2] = ["".join(words[0:2])]
    elif len(words[0]) >= 8 and chance() < 0.02:
        words[0:1] = [words[0][:4], words[0][4:]]
    if len(words) > 1 and chance() < 0.06:
        rng.shuffle(words)
    if "and" in words and chance() < 0.5:
        words[words.index("and")] = "&"
    if chance() < 0.04:
        words.insert(0, "The")
    if chance() < 0.07:
        words.append(rng.choice(("Group", "Holdings", "Holding")))
    if chance() < 0.2:
        words.append(rng.choice(REGIONS))
    name = " ".join(word if word.isupper() else word.capitalize() for word in words)
    if chance() < 0.05:
        name = name.translate(ACCENTS)
    if chance() < 0.7:
        name += rng.choice((" ", " ", " ", ", ")) + rng.choice(LEGAL_FORMS)
    if chance() < 0.2:
        name = rng.choice((str.upper, str.lower))(name)
    return name


def evidence(company_ids: list[int], seed: int = 1) -> tuple[list[Account], list[Contact]]:
    """What an org knows beside the names, as patchy as it is: accounts and their contacts.

    Half of the accounts have a registration number, two in five a web domain, one in twenty a
    parent; there are one and a half contacts to an account, of which a third are people whom other
    accounts of the company know too, a third have an address of free mail or of a role.
    """
    rng = random.Random(seed)
    first_account: dict[int, int] = {}
    accounts, contacts = [], []
    for number, company in enumerate(company_ids):
        parent = first_account.setdefault(company, number)
        country = COUNTRIES[(company if rng.random() < 0.6 else rng.randrange(64)) % 8]
        domain = f"company{company}.com"
        accounts.append(
            Account(
                country,
                f"{country}{company}" if rng.random() < 0.5 else None,
                domain if rng.random() < 0.4 else None,
                parent if parent != number and rng.random() < 0.05 else None,
            )
        )
        for _ in range(rng.choice((0, 1, 2, 3))):
            address = rng.choice(
                (
                    f"person{rng.randrange(3)}@{domain}",
                    f"someone{rng.randrange(10**9)}@{domain}",
                    rng.choice((f"info@{domain}", f"someone{rng.randrange(10**9)}@gmail.com")),
                )
            )
            contacts.append(Contact(number, address, f"+{rng.randrange(10**11, 10**12)}"))
    return accounts, contacts


def generate(accounts: int, seed: int = 1) -> tuple[list[str], list[int]]:
    """Names and the company behind each, in random order; as many of both as asked for.

    Every seventh company shares its rare word with a sister in another trade; some are made of
    common words only, some differ from another by a number alone.
    """
    rng = random.Random(seed)
    surname = _zipf(rng, [_word(rng, rng.choice((2, 2, 3))) for _ in range(20_000)])
    place = _zipf(rng, [_word(rng, rng.choice((2, 3))) for _ in range(400)])
    industry, kind, adjective = (_zipf(rng, words) for words in (INDUSTRIES, TYPES, ADJECTIVES))

    def coin() -> str:
        return _word(rng, rng.choice((2, 3, 3, 4)))

    def acronym() -> str:
        return "".join(rng.choice("ABCDEFGHIKLMNOPRST") for _ in range(rng.choice((3, 3, 4))))

    patterns: list[tuple[float, Callable[[], list[str]]]] = [
        (0.31, lambda: [coin(), industry()]),
        (0.16, lambda: [coin(), industry(), kind()]),
        (0.08, lambda: [coin()]),
        (0.12, lambda: [surname(), industry()]),
        (0.06, lambda: [surname(), "and", surname(), *rng.choice(([], [industry()]))]),
        (0.08, lambda: [place(), industry(), *rng.choice(([], [kind()]))]),
        (0.06, lambda: [adjective(), industry(), kind()]),
        (0.05, lambda: [acronym(), industry()]),
        (0.04, lambda: [coin(), str(rng.randrange(1, 100)), industry()]),
        (0.04, lambda: [surname(), rng.choice(("fund", "trust")), rng.choice(NUMERALS)]),
    ]
    weights = list(accumulate(weight for weight, _ in patterns))
    names: list[str] = []
    company_ids: list[int] = []
    previous = [coin(), industry()]
    taken: set[str] = set()
    company = 0
    while len(names) < accounts:
        company += 1
        if rng.random() < 1 / 7:
            base = [previous[0], _other(industry, previous), *rng.choice(([], [kind()]))]
        else:
            base = rng.choices(patterns, cum_weights=weights)[0][1]()
            if " ".join(base) in taken and rng.random() < 0.6:
                continue
        taken.add(" ".join(base))
        previous = base
        for _ in range(rng.choices(CLUSTER_SIZES, CLUSTER_WEIGHTS)[0]):
            names.append(_spelling(rng, base))
            company_ids.append(company)
    order = rng.sample(range(len(names)), accounts)
    return [names[at] for at in order], [company_ids[at] for at in order]
