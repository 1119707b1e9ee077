"""The control endpoints: what a test or a curious user changes while the org is served."""

from typing import Any

from litestar import get, post

from extract.sandbox.misbehaviour import SWITCHES, UnknownSwitchError
from extract.sandbox.served import AnyRequest, ApiError, json_body, rest_value, served


@get("/sandbox/switches")
async def switches(request: AnyRequest) -> dict[str, Any]:
    """The switches that are on, and all there are."""
    return {"on": served(request).org.misbehaviour.values(), "known": dict(SWITCHES)}


@post("/sandbox/switches", status_code=200)
async def set_switches(request: AnyRequest) -> dict[str, Any]:
    """Turn switches on, or off with null; an empty object turns all off."""
    misbehaviour = served(request).org.misbehaviour
    wanted = await json_body(request)
    if not wanted:
        misbehaviour.clear()
    for name, value in wanted.items():
        try:
            misbehaviour.set(name, None if value is None else str(value))
        except UnknownSwitchError as error:
            raise ApiError("UNKNOWN_SWITCH", str(error)) from None
    return {"on": misbehaviour.values()}


@post("/sandbox/sql", status_code=200)
async def run_sql(request: AnyRequest) -> dict[str, Any]:
    """Run SQL on the org's tables: change rows, SystemModstamp included, or delete them."""
    org = served(request).org
    wanted = await json_body(request)
    with org.lock, org.cursor() as cursor:
        found = cursor.execute(wanted["sql"], wanted.get("parameters") or []).fetchall()
    return {"rows": [[rest_value(value) for value in row] for row in found]}


@post("/sandbox/describe", status_code=200)
async def set_describe(request: AnyRequest) -> dict[str, Any]:
    """Replace what the org says of an object, after a field was added, removed or retyped."""
    describe = await json_body(request)
    served(request).org.redescribe(describe["name"], describe)
    return {"name": describe["name"]}


@post("/sandbox/expire_sessions", status_code=204)
async def expire_sessions(request: AnyRequest) -> None:
    """End every session."""
    served(request).org.sessions.expire_all()


HANDLERS = [switches, set_switches, run_sql, set_describe, expire_sessions]
