"""The schedules and servers in deploy/, judged by the programs that will read them.

A program that is not on this machine cannot judge: its test is skipped and says what is missing.
"""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from warehouse.runner.folder import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
HOME = "/opt/customer360"
# Debian keeps it where an ordinary user's PATH does not look.
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    units = []
    for source in (DEPLOY / "systemd").iterdir():
        # An instance of the template, and the installation where this one lies.
        unit = tmp_path / source.name.replace("@.", "@5001.")
        unit.write_text(source.read_text().replace(f"{HOME}/", f"{PROJECT_ROOT}/"))
        units.append(str(unit))
    assert len(units) == 3
    completed = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert completed.returncode == 0, completed.stderr
    assert str(tmp_path) not in completed.stderr


def test_the_cron_line_runs_the_pipeline() -> None:
    lines = (DEPLOY / "cron" / "customer360").read_text().splitlines()
    [job] = [line for line in lines if re.match(r"[\d*]", line)]
    *schedule, user, command = job.split(maxsplit=6)
    minute, hour = (int(field) for field in schedule[:2])
    assert 0 <= minute < 60
    assert 0 <= hour < 24
    assert schedule[2:] == ["*", "*", "*"]
    assert user == "customer360"
    # A percent sign would end the command in a crontab.
    assert "%" not in command
    subprocess.run(["bash", "-n", "-c", command], check=True)
    # What the line starts is there: the same program and arguments, asked for help only.
    started = re.search(r"\.venv/bin/python -m (warehouse build --extract)", command)
    assert started
    subprocess.run(
        [sys.executable, "-m", *started[1].split(), "--help"],
        cwd=PROJECT_ROOT,
        check=True,
        capture_output=True,
    )


AIRFLOW_PYTHON = os.environ.get("CUSTOMER360_AIRFLOW_PYTHON")
INSPECT_DAG = """\
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
dag = bag.dags["customer360"]
print("DAG", json.dumps({
    "errors": bag.import_errors,
    "tasks": {task.task_id: sorted(task.downstream_task_ids) for task in dag.tasks},
    "commands": {task.task_id: task.bash_command for task in dag.tasks},
    "retries": {task.task_id: task.retries for task in dag.tasks},
    "catchup": dag.catchup,
    "max_active_runs": dag.max_active_runs,
}))
"""


@pytest.mark.skipif(
    AIRFLOW_PYTHON is None,
    reason="needs CUSTOMER360_AIRFLOW_PYTHON, a Python with Airflow 3 installed",
)
def test_airflow_reads_the_dag(tmp_path: Path) -> None:
    completed = subprocess.run(
        [AIRFLOW_PYTHON or "", "-c", INSPECT_DAG, str(DEPLOY / "airflow")],
        env=os.environ | {"AIRFLOW_HOME": str(tmp_path), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr[-2000:]
    [line] = [line for line in completed.stdout.splitlines() if line.startswith("DAG ")]
    dag = json.loads(line.removeprefix("DAG "))
    assert dag["errors"] == {}
    assert dag["tasks"] == {"extract": ["publish"], "publish": []}
    assert dag["commands"]["extract"] == f"cd {HOME} && .venv/bin/python -m extract"
    assert dag["commands"]["publish"] == f"cd {HOME} && .venv/bin/python -m warehouse build"
    assert dag["retries"] == {"extract": 3, "publish": 0}
    assert dag["catchup"] is False
    assert dag["max_active_runs"] == 1


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="needs hadolint")
def test_hadolint_accepts_the_container_file() -> None:
    subprocess.run(["hadolint", str(DEPLOY / "container" / "Containerfile")], check=True)


def test_the_compose_file_names_what_is_there() -> None:
    folder = DEPLOY / "container"
    compose = yaml.safe_load((folder / "compose.yaml").read_text())
    services = compose["services"]
    for name in ("service-1", "service-2", "pipeline"):
        service = services[name]
        context = (folder / service["build"]["context"]).resolve()
        assert context == PROJECT_ROOT
        assert (context / service["build"]["dockerfile"]).is_file()
        assert [volume.split(":")[0] for volume in service["volumes"]] == list(compose["volumes"])
    mounts = [volume.split(":")[0] for volume in services["proxy"]["volumes"]]
    assert all((folder / mount).is_file() for mount in mounts if mount.endswith(".conf"))
    upstream = (DEPLOY / "nginx" / "upstream-containers.conf").read_text()
    assert set(re.findall(r"server (\S+):5000", upstream)) == {"service-1", "service-2"}


def test_secrets_come_from_the_environment_only() -> None:
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            assigned = re.findall(
                r"(?m)^\s*#?\w*(?:SECRET|KEY|PASSWORD|TOKEN)\w*[ \t]*[=:][ \t]*(\S+)",
                path.read_text(),
            )
            assert assigned == [], path


@dataclass(frozen=True)
class Proxy:
    """A running nginx in front of two service processes."""

    port: int
    services: dict[int, subprocess.Popen[bytes]]

    def get(self, path: str) -> int:
        """Return the status of an answer through the proxy."""
        trusting = ssl.create_default_context()
        trusting.check_hostname = False
        trusting.verify_mode = ssl.CERT_NONE
        url = f"https://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=10, context=trusting) as answer:
                status: int = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        return status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, (process.args, process.returncode, log.read_text())
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def wait_until_closed(port: int) -> None:
    """Wait until nobody answers: workers follow the main process that was killed."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        # A worker that ends resets what still waits in its queue; a closed port refuses.
        with suppress(ConnectionResetError):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except ConnectionRefusedError:
                return
        time.sleep(0.1)
    pytest.fail(f"something still listens on port {port}")


@contextmanager
def running(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env=os.environ | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    """The shipped nginx files with the ports of this test, in front of two real services."""
    ports = [free_port() for _ in range(3)]
    (tmp_path / "tls").mkdir()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=127.0.0.1", "-keyout", str(tmp_path / "tls" / "customer360.key")),
            *("-out", str(tmp_path / "tls" / "customer360.crt")),
        ],
        check=True,
        capture_output=True,
    )
    server = (DEPLOY / "nginx" / "customer360.conf").read_text()
    assert "listen 443 ssl" in server
    (tmp_path / "server.conf").write_text(
        server.replace("listen 443 ssl", f"listen 127.0.0.1:{ports[0]} ssl")
    )
    upstream = (DEPLOY / "nginx" / "upstream.conf").read_text()
    for shipped, port in zip(("5001", "5002"), ports[1:], strict=True):
        assert f"127.0.0.1:{shipped}" in upstream
        upstream = upstream.replace(f"127.0.0.1:{shipped}", f"127.0.0.1:{port}")
    (tmp_path / "customer360-upstream.conf").write_text(upstream)
    temporary = "".join(
        f"{name}_temp_path {tmp_path}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary} include server.conf; }}\n"
    )
    data = {"CUSTOMER360_DATA": str(tmp_path / "data")}
    log = tmp_path / "output.log"
    with ExitStack() as stack:
        services = {
            port: stack.enter_context(
                running([sys.executable, "-m", "service", "--port", str(port)], data, log)
            )
            for port in ports[1:]
        }
        for port, service in services.items():
            wait_for(port, service, log)
        configuration = ["-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
        nginx = stack.enter_context(running([NGINX or "", *configuration], {}, log))
        wait_for(ports[0], nginx, log)
        yield Proxy(ports[0], services)


@pytest.mark.skipif(NGINX is None, reason="needs nginx (apt-get install nginx-light)")
def test_nginx_in_front_of_two_service_processes(proxy: Proxy) -> None:
    assert [proxy.get("/health") for _ in range(6)] == [200] * 6
    assert proxy.get("/metrics") == 404
    # Every route answers through the proxy; who is not signed in is told so.
    assert proxy.get("/api/customers") == 401
    port, service = next(iter(proxy.services.items()))
    service.kill()
    service.wait()
    wait_until_closed(port)
    assert [proxy.get("/health") for _ in range(20)] == [200] * 20
