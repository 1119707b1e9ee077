"""Run dbt as a process of its own and follow it through its JSON log."""

import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.runner.folder import PROJECT_ROOT

# The arguments with which the Python interpreter becomes dbt.
DBT = ("-c", "from dbt.cli.main import cli; cli()")
# ru_maxrss is in kilobytes on Linux, in bytes on macOS.
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


def _peak_memory_bytes(process_id: int) -> int:
    """Return the most memory a running process has held so far, 0 where the system cannot say."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    words = status.partition("VmHWM:")[2].split()
    return int(words[0]) * 1024 if words else 0


@dataclass(frozen=True)
class Finished:
    """How a child process ended."""

    exit_code: int
    seconds: float
    peak_memory_bytes: int

    def ending(self) -> str:
        """Return the end in words: the exit code, or the signal."""
        if self.exit_code == -9:
            return "signal 9 (killed, most likely because memory ran out)"
        if self.exit_code < 0:
            return f"signal {-self.exit_code}"
        return f"exit code {self.exit_code}"


def run_child(
    command: Sequence[str],
    environment: Mapping[str, str],
    inherited: int,
    on_line: Callable[[str], None],
) -> Finished:
    """Run `python <command>` tied to this process, hand over each line it prints, and wait.

    Args:
        command: the arguments of the Python interpreter.
        environment: the child's whole environment.
        inherited: the run lock's file descriptor, which the child keeps open.
        on_line: called with each line of its output and error output.
    """
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "warehouse.runner.tether", sys.executable, *command],
        cwd=PROJECT_ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=[inherited],
    )
    peak = 0
    try:
        for line in child.stdout or []:
            # The usage record that the kernel keeps would count the child's own children too,
            # such as the sandbox org of an extraction.
            peak = _peak_memory_bytes(child.pid) or peak
            on_line(line.rstrip("\n"))
    except BaseException:
        child.terminate()
        child.wait()
        raise
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    peak = peak or usage.ru_maxrss * MAXRSS_UNIT
    return Finished(child.returncode, time.monotonic() - started, peak)


@dataclass(frozen=True)
class NodeEvent:
    """One model, seed or test of a dbt run that has started or finished."""

    unique_id: str
    resource_type: str
    name: str
    is_finished: bool
    status: str
    seconds: float
    rows: int | None


@dataclass
class DbtRun:
    """A dbt command, what it said, and how many nodes it has to run."""

    target: Path
    on_node: Callable[[NodeEvent], None]
    program: Sequence[str] = DBT
    total: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=20))

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], inherited: int
    ) -> Finished:
        """Run `dbt <arguments>` and return how it ended."""
        command = [
            *self.program,
            *arguments,
            "--log-format",
            "json",
            "--log-format-file",
            "debug",
        ]
        return run_child(command, environment, inherited, self._on_line)

    def _on_line(self, line: str) -> None:
        try:
            event = json.loads(line)
            information, data = event["info"], event["data"]
        except (ValueError, KeyError, TypeError):
            self.tail.append(line)
            return
        node = data.get("node_info") or {}
        name = information["name"]
        if information["level"] == "error":
            self.errors.append(information["msg"])
        if name == "JinjaLogInfo" and node and information["msg"].startswith("rows: "):
            self.rows[node["unique_id"]] = int(information["msg"].removeprefix("rows: "))
        elif name == "LogStartLine" or (node and name.endswith("Result")):
            self.total = data.get("total") or data.get("num_models") or self.total
            self.on_node(self._node_event(node, data, is_finished=name != "LogStartLine"))

    def _node_event(
        self, node: Mapping[str, Any], data: Mapping[str, Any], *, is_finished: bool
    ) -> NodeEvent:
        relation = node.get("node_relation") or {}
        is_table = node["resource_type"] in ("model", "seed")
        return NodeEvent(
            unique_id=node["unique_id"],
            resource_type=node["resource_type"],
            name=f"{relation['schema']}.{relation['alias']}" if is_table else node["node_name"],
            is_finished=is_finished,
            status=str(data.get("status", "started")).lower(),
            seconds=float(data.get("execution_time") or 0),
            rows=self.rows.get(node["unique_id"]),
        )

    def results(self) -> list[dict[str, Any]]:
        """Return the results of dbt's last command, each with the node it is about."""
        results = json.loads((self.target / "run_results.json").read_text(encoding="utf-8"))
        manifest = json.loads((self.target / "manifest.json").read_text(encoding="utf-8"))
        nodes = manifest["nodes"] | manifest.get("unit_tests", {})
        return [
            result | {"node": nodes.get(result["unique_id"], {})} for result in results["results"]
        ]
