"""Keys of company names: invariances, and names that once went wrong elsewhere."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.functions.company_name import keys, loose_key, strict_key

pytestmark = pytest.mark.unit

LEGAL_FORMS = ["Ltd", "Inc.", "GmbH", "S.A.", "(Pty) Ltd", "B.V.", "Sp. z o.o.", "AG", "PLC", "LLC"]
TRICKY = ["the", "group", "kenya", "ltd", "of", "a", "s", "co", "&", "intl", "(pty)", "(a)"]
TRICKY += ["new", "zealand", "pt", "hldgs", "/", "/DE/", "9", "acme"]
words = st.sampled_from(
    ["Vodarex", "Kavora", "Zürich", "telecom", "Łódź", "Ελλάς", "トヨタ", "Ромашка"]
)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)

settings.register_profile("linking", deadline=None)
settings.load_profile("linking")


@given(st.text(max_size=40))
def test_keys_are_idempotent(name: str) -> None:
    assert strict_key(strict_key(name)) == strict_key(name)
    assert loose_key(loose_key(name)) == loose_key(name)


@given(st.lists(st.sampled_from(TRICKY), max_size=6).map(" ".join))
def test_keys_of_awkward_names_are_idempotent(name: str) -> None:
    assert strict_key(strict_key(name)) == strict_key(name)
    assert loose_key(loose_key(name)) == loose_key(name)


@given(st.text(max_size=40))
def test_keys_are_plain_words(name: str) -> None:
    for key in (strict_key(name), loose_key(name)):
        assert key == " ".join(key.split())
        assert all(
            character.isalnum() and character.isascii() for character in key if character != " "
        )
        assert key == key.lower()


@given(st.text(max_size=40))
def test_a_name_with_a_strict_key_has_a_loose_one(name: str) -> None:
    assert bool(strict_key(name)) == bool(loose_key(name))


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(TRICKY)).map(" ".join)))
def test_both_keys_at_once_are_the_two_keys(name: str) -> None:
    assert keys(name) == (strict_key(name), loose_key(name))


@given(names)
def test_case_does_not_matter(name: str) -> None:
    assert strict_key(name.upper()) == strict_key(name.lower()) == strict_key(name)


@given(names)
def test_accents_do_not_matter_however_they_are_encoded(name: str) -> None:
    assert strict_key(unicodedata.normalize("NFD", name)) == strict_key(name)
    bare = "".join(
        character
        for character in unicodedata.normalize("NFD", name.replace("Ł", "L"))
        if not (unicodedata.combining(character) and character < "\u0370")
    )
    assert strict_key(bare) == strict_key(name)


@given(names, st.sampled_from(LEGAL_FORMS), st.sampled_from(["", ","]))
def test_a_legal_form_at_the_end_does_not_matter(name: str, form: str, comma: str) -> None:
    assert strict_key(f"{name}{comma} {form}") == strict_key(name)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("I.B.M. Corp", "ibm"),
        ("I B M", "ibm"),
        ("PT Telkom Indonesia Tbk", "telkom indonesia"),
        ("\u041e\u041e\u041e Ромашка", "romashka"),
        ("株式会社トヨタ", "toyota"),
        ("华为技术有限公司", "huaweijishu"),
        ("Vitamin C S.A.", "vitamin c"),
        ("Smith & Co", "smith"),
        ("AT&T Inc.", "at and t"),
        ("L\u2019Oréal", "loreal"),
        ("Siemens Aktiengesellschaft", "siemens"),
        ("Foo s. r. o.", "foo"),
        ("Cemara S.A.B. de C.V.", "cemara"),
        ("Tenaga Berhad", "tenaga"),
        ("Volvo Aktiebolag (publ)", "volvo"),
        ("Arçelik Anonim Şirketi", "arcelik"),
        ("Limited", "limited"),
        ("S.A.", "sa"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_strict_key(name: str, key: str) -> None:
    assert strict_key(name) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("The Vodacom Group (Pty) Ltd", "vodacom"),
        ("Vodacom Tanzania", "vodacom"),
        ("The Kembami Companies, Inc.", "kembami"),
        ("Kembami Inc /NEW/", "kembami"),
        ("Safaricom Intl Svcs", "safaricom international services"),
        ("Kembami Packaging (Nairobi)", "kembami packaging"),
        ("Kembami Fund (II)", "kembami fund ii"),
        ("Bank of Ireland", "bank of ireland"),
        ("Kenya", "kenya"),
        ("The Group", "group"),
        ("AC/DC", "ac dc"),
        ("Iron Mountain Inc /PA/", "iron mountain"),
        ("(Nairobi)", "nairobi"),
    ],
)
def test_loose_key(name: str, key: str) -> None:
    assert loose_key(name) == key
