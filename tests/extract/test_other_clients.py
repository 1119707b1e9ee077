"""The sandbox org is real enough for a client that knows nothing of this project."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from extract.sandbox.sessions import Credentials
from tests.extract.conftest import ROOT, Sandbox

PACKAGE = Path(__file__).with_name("jsforce")
NODE = ROOT / ".venv" / "bin" / "node"


@pytest.fixture(scope="session")
def node() -> str:
    """A Node.js with jsforce installed beside it."""
    found = str(NODE) if NODE.exists() else shutil.which("node")
    npm = shutil.which("npm")
    if not found or not npm:
        sentence = "jsforce needs Node.js and npm: `apt-get install nodejs npm`"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    if not (PACKAGE / "node_modules" / "jsforce").exists():
        path = f"{Path(found).parent}{os.pathsep}{os.environ['PATH']}"
        installed = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=PACKAGE,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert installed.returncode == 0, installed.stderr
    return found


def test_jsforce_signs_in_queries_with_paging_and_runs_a_bulk_query(
    node: str, sandbox: Sandbox
) -> None:
    known = Credentials()
    password = known.password + known.security_token
    login_url = sandbox.settings["SALESFORCE_LOGIN_URL"]
    done = subprocess.run(
        [node, "check.mjs", login_url, known.username, password, "Usage__c"],
        cwd=PACKAGE,
        env=os.environ | {"NODE_EXTRA_CA_CERTS": sandbox.settings["SALESFORCE_CA_BUNDLE"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    expected = sandbox.sql(
        """select "Id", coalesce("Name", '') from "Usage__c" where not "IsDeleted" order by "Id" """
    )
    assert answer["totalSize"] == len(expected)
    assert answer["pages"] == -(-len(expected) // 2000)
    assert answer["pages"] > 1
    assert answer["byQuery"] == expected
    assert sorted(answer["byBulk"]) == expected
    assert answer["organizationId"].startswith("00D")
    assert answer["fields"] > 5
