"""API tokens and sessions: made, revoked, found again."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.schemas.base import Role
from service.state import tables
from service.state.store import ACCESS, StateStore, audit, digest, new_secret, now

SESSION_LIFETIME = timedelta(hours=12)
TOKEN_PREFIX = "c360_"  # noqa: S105 - lets people and scanners recognise a token


class TokenError(Exception):
    """A token that cannot be made or revoked; the text says why."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may."""

    token_id: str
    name: str
    role: Role
    regions: tuple[str, ...] | None
    may_see_personal_data: bool
    expires_at: datetime | None = None
    csrf_token: str | None = None

    @property
    def view(self) -> str:
        """What decides what a caller sees: callers with equal views get equal answers."""
        regions = "*" if self.regions is None else "|".join(self.regions)
        return f"{regions};{self.may_see_personal_data}"

    @property
    def region_list(self) -> list[str] | None:
        """The regions as a parameter of a statement."""
        return None if self.regions is None else list(self.regions)


def _caller(row: dict[str, Any]) -> Caller:
    regions = row["regions"]
    expires_at = row.get("expires_at")
    return Caller(
        token_id=row["token_id"],
        name=row["name"],
        role=row["role"],
        regions=None if regions is None else tuple(sorted(regions)),
        may_see_personal_data=row["may_see_personal_data"],
        expires_at=expires_at.replace(tzinfo=UTC) if expires_at else None,
        csrf_token=row.get("csrf_token"),
    )


def add_token(
    store: StateStore,
    name: str,
    role: Role,
    *,
    regions: list[str] | None = None,
    may_see_personal_data: bool = True,
    added_by: str = "command line",
) -> str:
    """Make a token and return it: the only time that it can be seen.

    Raises TokenError where a live token of that name exists.
    """
    secret = TOKEN_PREFIX + new_secret()
    with store.write(ACCESS) as connection:
        live = sa.select(tables.token.c.token_id).where(
            tables.token.c.name == name, tables.token.c.revoked_at.is_(None)
        )
        if connection.execute(live).first():
            raise TokenError(f"There is a token named {name} already: revoke it, or choose a name.")
        connection.execute(
            sa.insert(tables.token).values(
                token_id=secrets.token_hex(16),
                name=name,
                token_hash=digest(secret),
                role=role,
                regions=regions,
                may_see_personal_data=may_see_personal_data,
                created_at=now(),
            )
        )
        audit(
            connection,
            caller=added_by,
            operation="token add",
            object_id=name,
            detail={
                "role": role,
                "regions": regions,
                "may_see_personal_data": may_see_personal_data,
            },
        )
    return secret


def list_tokens(store: StateStore) -> list[dict[str, Any]]:
    """All tokens, revoked ones included, oldest first."""
    return store.rows(sa.select(tables.token).order_by(tables.token.c.created_at))


def revoke_token(store: StateStore, name: str, revoked_by: str = "command line") -> None:
    """Revoke the live token of that name and end its sessions.

    Raises TokenError where there is none.
    """
    with store.write(ACCESS) as connection:
        row = connection.execute(
            sa.select(tables.token.c.token_id).where(
                tables.token.c.name == name, tables.token.c.revoked_at.is_(None)
            )
        ).first()
        if row is None:
            raise TokenError(f"There is no live token named {name}.")
        connection.execute(
            sa.update(tables.token)
            .where(tables.token.c.token_id == row.token_id)
            .values(revoked_at=now())
        )
        connection.execute(sa.delete(tables.session).where(tables.session.c.token_id == row[0]))
        audit(connection, caller=revoked_by, operation="token revoke", object_id=name)


def open_session(store: StateStore, caller: Caller, request_id: str) -> tuple[str, Caller]:
    """Start a session of a token's holder and return its secret and the caller it stands for."""
    secret, csrf_token, started_at = new_secret(), secrets.token_hex(16), now()
    expires_at = started_at + SESSION_LIFETIME
    with store.write(ACCESS) as connection:
        connection.execute(
            sa.delete(tables.session).where(tables.session.c.expires_at < started_at)
        )
        connection.execute(
            sa.insert(tables.session).values(
                session_hash=digest(secret),
                token_id=caller.token_id,
                csrf_token=csrf_token,
                created_at=started_at,
                expires_at=expires_at,
            )
        )
        audit(
            connection,
            caller=caller.name,
            operation="sign in",
            object_id=caller.token_id,
            request_id=request_id,
        )
    return secret, Caller(
        token_id=caller.token_id,
        name=caller.name,
        role=caller.role,
        regions=caller.regions,
        may_see_personal_data=caller.may_see_personal_data,
        expires_at=expires_at.replace(tzinfo=UTC),
        csrf_token=csrf_token,
    )


def close_session(store: StateStore, secret: str) -> None:
    """End a session."""
    with store.write(ACCESS) as connection:
        connection.execute(
            sa.delete(tables.session).where(tables.session.c.session_hash == digest(secret))
        )


def live_callers(store: StateStore) -> tuple[dict[str, Caller], dict[str, Caller]]:
    """Callers by token hash and by session hash; expiry is checked when they come."""
    live = sa.select(tables.token).where(tables.token.c.revoked_at.is_(None))
    by_token = {row["token_hash"]: _caller(row) for row in store.rows(live)}
    sessions = (
        sa.select(
            tables.token,
            tables.session.c.session_hash,
            tables.session.c.expires_at,
            tables.session.c.csrf_token,
        )
        .join_from(tables.session, tables.token)
        .where(tables.token.c.revoked_at.is_(None))
    )
    by_session = {row["session_hash"]: _caller(row) for row in store.rows(sessions)}
    return by_token, by_session
