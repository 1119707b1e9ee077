"""Exchange rates of the European Central Bank."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from tests.extract.conftest import Extraction

HISTORY = """\
Date,USD,JPY,ZAR,
2026-11-20,1.25,170.5,20,
2026-11-19,1.2,N/A,19.8,
"""
DAILY = "Date, USD, JPY, ZAR, \n20 November 2026, 1.25, 170.5, 20, \n"
RATES = "select CurrencyCode, RateDate, RateToUsd from bronze order by RateDate desc, CurrencyCode"


def source(extraction: Extraction, text: str, *, is_zip: bool = False) -> str:
    path = extraction.data / "rates.csv"
    content = text.encode()
    if is_zip:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("eurofxref-hist.csv", content)
        content = packed.getvalue()
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("is_zip", [False, True])
def test_rates_are_dollars_per_unit(extraction: Extraction, *, is_zip: bool) -> None:
    extraction.whole("rates", "--source", source(extraction, HISTORY, is_zip=is_zip))
    day = date(2026, 11, 20)
    assert extraction.query(RATES, "ExchangeRate")[:4] == [
        ("EUR", day, Decimal("1.25")),
        ("JPY", day, Decimal("0.00733137829912")),
        ("USD", day, Decimal(1)),
        ("ZAR", day, Decimal("0.0625")),
    ]
    assert len(extraction.query(RATES, "ExchangeRate")) == 7


def test_the_daily_form_is_read_too(extraction: Extraction) -> None:
    extraction.whole("rates", "--source", source(extraction, DAILY))
    assert len(extraction.query(RATES, "ExchangeRate")) == 4


def test_only_new_and_changed_rates_are_added(extraction: Extraction) -> None:
    extraction.whole("rates", "--source", source(extraction, HISTORY))
    outcome = extraction.whole("rates", "--source", source(extraction, HISTORY))
    assert "0 new or changed" in outcome.output
    later = HISTORY.replace("19.8", "19.9") + "2026-11-18,1.1,,,\n"
    outcome = extraction.whole("rates", "--source", source(extraction, later))
    assert "3 new or changed" in outcome.output


def test_rates_are_no_extraction_run(extraction: Extraction) -> None:
    outcome = extraction.whole("rates", "--source", source(extraction, HISTORY))
    assert outcome.manifest["runs"] == []
    assert outcome.manifest["objects"]["ExchangeRate"]["status"] == "complete"
    extraction.whole()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Day,USD\n", "first line must begin with Date"),
        ("Date,JPY\n", "USD among them"),
        ("Date,USD\n2026-01-01,abc\n", "line 2, USD: 'abc'"),
        ("Date,USD\n2026-01-01,-1\n", "line 2, USD: '-1'"),
        ("Date,USD\nyesterday,1.1\n", "line 2: 'yesterday'"),
        ("PK nonsense", "neither a CSV file nor a zip"),
    ],
)
def test_a_wrong_feed_is_named_and_nothing_is_added(
    extraction: Extraction, text: str, words: str
) -> None:
    outcome = extraction("rates", "--source", source(extraction, text))
    assert outcome.code == 1
    assert words in outcome.errors
    assert not list((extraction.data / "bronze").rglob("*.parquet"))


def test_an_absent_feed_is_one_clear_error(extraction: Extraction) -> None:
    outcome = extraction("rates", "--source", "absent.csv")
    assert outcome.code == 1
    assert "Cannot read absent.csv" in outcome.errors
