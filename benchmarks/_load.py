"""Load on an HTTP server by wrk: rates and percentiles, at full speed or a given rate."""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# `once` stops at the end of the list, so that nothing is asked twice. With a rate, each connection
# waits between two requests; the waits are exponential, so arrivals are as uneven as in life.
SCRIPT = """
local paths, threads, once, pause = {}, 0, %(once)s, %(pause)s
function setup(thread)
  thread:set("number", threads); threads = threads + 1
end
function init(args)
  for line in io.lines("%(paths)s") do paths[#paths + 1] = line end
  math.randomseed(number + 1)
  at = number + 1
end
function request()
  if once then
    if at > #paths then wrk.thread:stop() return wrk.format("GET", paths[#paths]) end
    local path = paths[at]; at = at + 2
    return wrk.format("GET", path)
  end
  return wrk.format("GET", paths[math.random(#paths)])
end
if pause > 0 then
  function delay() return math.floor(-pause * math.log(1 - math.random()) + 0.5) end
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\nRESULT {"requests": %%d, "seconds": %%f, "bytes": %%d, "errors": %%d,'
    .. ' "p50": %%f, "p95": %%f, "p99": %%f}\\n', summary.requests, summary.duration / 1e6,
    summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
"""
THREADS = 2


@dataclass(frozen=True)
class Load:
    """What a load met: requests per second, milliseconds, failed requests."""

    rate: float
    p50: float
    p95: float
    p99: float
    errors: int
    requests: int


def check_generator() -> None:
    """Stop where wrk is missing."""
    if shutil.which("wrk") is None:
        sys.exit("The service's benchmark needs wrk: run `apt-get install wrk` and repeat.")


def load(
    url: str,
    paths: list[str],
    connections: int,
    seconds: float,
    *,
    token: str | None = None,
    once: bool = False,
    rate: float | None = None,
) -> Load:
    """Ask for paths over connections: at random, or each one `once` from the first on."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "paths"
        listed.write_text("\n".join(paths) + "\n", encoding="utf-8")
        script = Path(folder) / "script.lua"
        script.write_text(
            SCRIPT
            % {
                "paths": listed,
                "once": "true" if once else "false",
                "pause": connections / rate * 1000 if rate else 0,
            },
            encoding="utf-8",
        )
        command = ["wrk", "-t", str(THREADS), "-c", str(connections), "-d", f"{seconds:.0f}s"]
        command += ["--timeout", "30s", "-s", str(script)]
        if token:
            command += ["-H", f"Authorization: Bearer {token}"]
        output = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    result = json.loads(output.partition("RESULT ")[2].splitlines()[0])
    return Load(
        rate=result["requests"] / max(result["seconds"], 1e-9),
        p50=result["p50"],
        p95=result["p95"],
        p99=result["p99"],
        errors=result["errors"],
        requests=result["requests"],
    )
