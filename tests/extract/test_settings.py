"""Settings are checked before anything is sent, and errors say what to do."""

from pathlib import Path

import pytest

from extract.settings import DEFAULT_OBJECTS_FILE, read_configuration
from salesforce.errors import ConfigurationError
from salesforce.settings import connection_from, names_an_org, read_environment

pytestmark = pytest.mark.unit

KEY = {"SALESFORCE_CLIENT_ID": "id", "SALESFORCE_USERNAME": "user"}


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        "# sign-in\nexport SALESFORCE_USERNAME='a@b.c'\n\nSALESFORCE_PASSWORD=from=file\n"
    )
    monkeypatch.setenv("SALESFORCE_PASSWORD", "from-environment")
    assert read_environment(dotenv) == {
        "SALESFORCE_USERNAME": "a@b.c",
        "SALESFORCE_PASSWORD": "from-environment",
    }


def test_a_quote_at_the_end_of_a_quoted_value_is_kept(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("SALESFORCE_PASSWORD=\"it's ok'\"\n")
    assert read_environment(dotenv)["SALESFORCE_PASSWORD"] == "it's ok'"


def test_a_broken_line_of_the_file_is_named(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("SALESFORCE_USERNAME=x\nnonsense\n")
    with pytest.raises(ConfigurationError, match="line 2"):
        read_environment(dotenv)


def test_no_setting_means_the_sandbox_org() -> None:
    assert not names_an_org({})
    assert not names_an_org({"SALESFORCE_CA_BUNDLE": "x"})
    assert names_an_org({"SALESFORCE_USERNAME": "x"})


@pytest.mark.parametrize(
    ("settings", "flow"),
    [
        (KEY | {"SALESFORCE_PRIVATE_KEY_FILE": __file__}, "jwt-bearer"),
        ({"SALESFORCE_CLIENT_ID": "i", "SALESFORCE_REFRESH_TOKEN": "r"}, "refresh-token"),
        ({"SALESFORCE_CLIENT_ID": "i", "SALESFORCE_CLIENT_SECRET": "s"}, "client-credentials"),
        (KEY | {"SALESFORCE_PASSWORD": "p"}, "password"),
    ],
)
def test_the_flow_follows_the_settings(settings: dict[str, str], flow: str) -> None:
    assert connection_from(settings).flow == flow


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"SALESFORCE_LOGIN_URL": "http://x.my.salesforce.com"}, "https"),
        (
            {"SALESFORCE_LOGIN_URL": "https://acme--uat.sandbox.lightning.force.com/lightning"},
            "https://acme--uat.sandbox.my.salesforce.com",
        ),
        ({"SALESFORCE_API_VERSION": "latest"}, "SALESFORCE_API_VERSION"),
        ({"SALESFORCE_PRIVATE_KEY_FILE": "/none"}, "no file"),
        ({"SALESFORCE_CA_BUNDLE": "/none"}, "does not exist"),
    ],
)
def test_wrong_settings_name_the_way_out(settings: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        connection_from(settings)


def test_too_few_settings_list_the_flows() -> None:
    with pytest.raises(ConfigurationError, match=r"client credentials.*refresh token"):
        _ = connection_from({"SALESFORCE_USERNAME": "x"}).flow


def test_secrets_do_not_show() -> None:
    shown = repr(
        connection_from(
            {
                "SALESFORCE_CLIENT_SECRET": "hush1",
                "SALESFORCE_PASSWORD": "hush2",
                "SALESFORCE_SECURITY_TOKEN": "hush3",
                "SALESFORCE_REFRESH_TOKEN": "hush4",
            }
        )
    )
    assert "hush" not in shown


def test_versions_are_normalised() -> None:
    assert connection_from({"SALESFORCE_API_VERSION": "v63"}).api_version == "63.0"
    assert connection_from({}).api_version == "64.0"


def test_the_shipped_objects_are_read() -> None:
    configuration = read_configuration(DEFAULT_OBJECTS_FILE)
    required = {item.name for item in configuration.objects if item.required}
    assert required == {"Account", "Contact", "Opportunity", "OpportunityLineItem"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("objects: [Account]", "mapping"),
        ("objects: {Account: {requird: true}}", "Account"),
        ("objects: {Account: {}}\nsettings: {speed: 9}", "speed"),
        ("objects: {Account: {}}\nsettings: {rest_rows: many}", "rest_rows"),
        ("objects: {Account: {}}\nsettings: {api_limit_reserve: 2}", "share"),
        ("objects: {Account: {}}\nsettings: {parallel_objects: 0}", "at least 1"),
        ("objects: {Account", "YAML"),
    ],
)
def test_a_wrong_objects_file_names_the_entry(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "objects.yml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=words):
        read_configuration(path)
