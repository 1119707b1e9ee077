"""Every way to sign in, and what a person is told when it does not work."""

from pathlib import Path
from typing import Any

import pytest

from extract.sandbox.sessions import Credentials
from salesforce.settings import SETTING_NAMES
from tests.extract.conftest import Extraction

KNOWN = Credentials()
PASSWORD = {
    "SALESFORCE_USERNAME": KNOWN.username,
    "SALESFORCE_PASSWORD": KNOWN.password,
    "SALESFORCE_SECURITY_TOKEN": KNOWN.security_token,
}
JWT = {"SALESFORCE_CLIENT_ID": KNOWN.client_id, "SALESFORCE_USERNAME": KNOWN.username}
REFRESH = {
    "SALESFORCE_CLIENT_ID": KNOWN.client_id,
    "SALESFORCE_REFRESH_TOKEN": KNOWN.refresh_token,
}
CLIENT = {
    "SALESFORCE_CLIENT_ID": KNOWN.client_id,
    "SALESFORCE_CLIENT_SECRET": KNOWN.client_secret,
}


@pytest.fixture
def check(extraction: Extraction) -> Any:
    """Runs `check` with nothing but the given sign-in settings."""
    extraction.configure("Account", "Product2", "Nonsense__c")

    def run(settings: dict[str, str]) -> Any:
        place = ("SALESFORCE_LOGIN_URL", "SALESFORCE_CA_BUNDLE")
        nothing = dict.fromkeys(SETTING_NAMES, "")
        known = {name: extraction.sandbox.settings[name] for name in place}
        return extraction("check", **(nothing | known | settings))

    return run


@pytest.fixture
def key_file(extraction: Extraction) -> str:
    return str(extraction.sandbox.directory / "tls" / "jwt.key")


@pytest.mark.parametrize(
    ("settings", "flow"),
    [(PASSWORD, "password"), (REFRESH, "refresh-token"), (CLIENT, "client-credentials")],
)
def test_each_flow_signs_in(check: Any, settings: dict[str, str], flow: str) -> None:
    outcome = check(settings)
    assert outcome.code == 0, outcome.errors
    assert f"with {flow}" in outcome.output


def test_jwt_bearer_signs_in(check: Any, key_file: str) -> None:
    outcome = check(JWT | {"SALESFORCE_PRIVATE_KEY_FILE": key_file})
    assert outcome.code == 0, outcome.errors
    assert "with jwt-bearer" in outcome.output


def test_check_says_what_is_there_and_what_a_run_costs(check: Any) -> None:
    outcome = check(CLIENT)
    for words in ("Account", "Nonsense__c", "missing", "API calls", "daily API requests left"):
        assert words in outcome.output


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (PASSWORD | {"SALESFORCE_PASSWORD": "hush"}, "SALESFORCE_SECURITY_TOKEN"),
        (PASSWORD | {"SALESFORCE_API_VERSION": "65.0"}, "OAuth"),
        (CLIENT | {"SALESFORCE_CLIENT_SECRET": "hush"}, "Check SALESFORCE_CLIENT_ID and"),
        (CLIENT | {"SALESFORCE_CLIENT_ID": "nobody"}, "consumer key"),
        (REFRESH | {"SALESFORCE_REFRESH_TOKEN": "hush"}, "get a new one"),
        (JWT | {"SALESFORCE_PRIVATE_KEY_FILE": __file__}, "private key in PEM"),
        (
            CLIENT | {"SALESFORCE_LOGIN_URL": "https://login.salesforce.com"},
            "my.salesforce.com",
        ),
        ({"SALESFORCE_USERNAME": "x"}, "not enough to sign in"),
        (CLIENT | {"SALESFORCE_CA_BUNDLE": ""}, "SALESFORCE_CA_BUNDLE"),
    ],
)
def test_a_refusal_says_what_to_do(check: Any, settings: dict[str, str], words: str) -> None:
    outcome = check(settings)
    assert outcome.code == 1
    assert words in outcome.errors
    assert "Traceback" not in outcome.errors
    assert "hush" not in outcome.errors + outcome.output


def test_a_wrong_user_of_jwt_is_refused(check: Any, key_file: str) -> None:
    outcome = check(
        JWT | {"SALESFORCE_USERNAME": "nobody", "SALESFORCE_PRIVATE_KEY_FILE": key_file}
    )
    assert outcome.code == 1
    assert "pre-authorised" in outcome.errors


def test_no_secret_reaches_output_log_manifest_or_checkpoints(
    extraction: Extraction, key_file: str
) -> None:
    extraction.configure("Account", "Contact")
    nothing = dict.fromkeys(SETTING_NAMES, "")
    place = {
        name: extraction.sandbox.settings[name]
        for name in ("SALESFORCE_LOGIN_URL", "SALESFORCE_CA_BUNDLE")
    }
    shown = ""
    for settings in (PASSWORD, REFRESH, CLIENT, JWT | {"SALESFORCE_PRIVATE_KEY_FILE": key_file}):
        outcome = extraction.whole(**(nothing | place | settings))
        shown += outcome.output + outcome.errors
    extraction.sandbox.switch(status_503=10_000)
    extraction.sandbox.switch(daily_requests=3)
    outcome = extraction(**(nothing | place | CLIENT))
    shown += outcome.output + outcome.errors
    for path in Path(extraction.data).rglob("*.json*"):
        shown += path.read_text()
    secrets = (KNOWN.client_secret, KNOWN.refresh_token, KNOWN.password, KNOWN.security_token)
    assert not [secret for secret in secrets if secret in shown]
    # Access tokens begin with the organisation's id and an exclamation mark.
    assert "00D5g000004sBox!" not in shown
