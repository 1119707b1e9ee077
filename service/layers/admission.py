"""Who comes in: callers by token or session, limits for each of them, forged writes refused."""

from http import HTTPStatus

from service import access
from service.app_state import AppState, RequestContext, context_of
from service.layers.layer import Application, Layer, Message, Receive, Scope, Send
from service.problems import Problem

# Signing in is how one becomes a caller.
OPEN_TO_ALL = {("POST", "/api/session")}


class Admission(Layer):
    """Lets nobody without a token or a session reach the API; monitoring needs none."""

    def __init__(self, inside: Application, app_state: AppState) -> None:
        super().__init__(inside)
        self.app_state = app_state
        self.limit = access.RateLimit(app_state.settings.requests_per_minute)
        self.failures = access.RateLimit(access.FAILURES_PER_MINUTE)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit a request.

        Raises:
            Problem: 401 without a caller, 403 for a forged write, 415 and 429.
        """
        path, context = scope["path"], context_of(scope)
        is_loopback = (scope.get("client") or ("",))[0] in access.LOOPBACK and access.header(
            scope, b"x-forwarded-for"
        ) is None
        if (scope["method"], path) in OPEN_TO_ALL:
            access.check_origin(scope, self.app_state.settings)
            if not (access.header(scope, b"content-type") or "").startswith("application/json"):
                raise Problem(
                    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Send JSON (Content-Type: application/json).",
                )
            self.failures.take(_address(scope), cost=0)
        elif path.startswith("/api") or (path == "/metrics" and not is_loopback):
            await self._admit(scope, context)
        await self.inside(scope, receive, self._counting_failures(scope, send, context))

    async def _admit(self, scope: Scope, context: RequestContext) -> None:
        token, session = access.credentials(scope)
        caller = await self.app_state.caller_of(token, session)
        if caller is None:
            if token or session:
                self.failures.take(_address(scope))
                raise Problem(
                    HTTPStatus.UNAUTHORIZED,
                    "The token or session is not valid: it was revoked, has expired or was not "
                    "copied in full. Sign in again.",
                    headers={"WWW-Authenticate": "Bearer"},
                )
            _ = context.known_caller
            return
        context.caller, context.session_secret = caller, session
        self.limit.take(caller.token_id)
        if scope["method"] not in access.SAFE_METHODS:
            access.check_origin(scope, self.app_state.settings)
            if session:
                access.check_csrf(scope, caller)

    def _counting_failures(self, scope: Scope, send: Send, context: RequestContext) -> Send:
        """Slow down guessing at the sign-in."""
        if context.caller is not None:
            return send

        async def watched(message: Message) -> None:
            if (
                message["type"] == "http.response.start"
                and message["status"] == HTTPStatus.UNAUTHORIZED
            ):
                self.failures.take(_address(scope))
            await send(message)

        return watched


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "unknown"
