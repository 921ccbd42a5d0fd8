"""Authentication and authorisation: one gate that every request to pages and API goes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from flask import (
    Flask,
    g,
    get_flashed_messages,
    has_request_context,
    redirect,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from models.accounts import Access, Role
from models.errors import UsageError
from web.accounts.outside import vouched_user
from web.context import WebSettings, app_context, library
from web.server.peer import PEER

SAFE = {"GET", "HEAD", "OPTIONS"}
SECRET = "secret"  # noqa: S105 - the name of a value in the session
SIGN_IN_LIMIT = "30 per minute"
"""Attempts to sign in from one address."""

_BEARER = WWWAuthenticate("bearer", {"realm": "Slugline"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is asking: `name` is "" and `role` None for whoever has not signed in."""

    name: str = ""
    role: Role | None = None
    by_token: bool = False

    def may(self, needed: Role) -> bool:
        """Say whether this visitor may do what asks for a role."""
        return self.role is not None and self.role.covers(needed)


def visitor() -> Visitor:
    """Return who is asking."""
    found: Visitor = g.get("visitor", Visitor())
    return found


def reader_of_lists() -> str:
    """Return whose lists a search of the visitor's sees: "" for who has not signed in."""
    return visitor().name if has_request_context() and visitor().may(Role.READER) else ""


def needs(role: Role) -> Callable[[View], View]:
    """Let only users of a role use a view. A view that changes anything asks for one."""

    def mark(view: View) -> View:
        view.needs = role  # type: ignore[attr-defined]  # a mark for the gate
        return view

    return mark


def open_to_all(view: View) -> View:
    """Let everybody use a view, even on a private instance."""
    view.open_to_all = True  # type: ignore[attr-defined]  # a mark for the gate
    return view


def reads_only(view: View) -> View:
    """Let readers post to a view that changes nothing, but whose query is too long for a URL."""
    view.reads_only = True  # type: ignore[attr-defined]  # a mark for the gate
    return view


class CookieSessions(SecureCookieSessionInterface):
    """Signed cookies that only TLS carries where there is TLS.

    Who is signed in is in the store; the cookie holds the secret of the session there.
    """

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - Flask's signature
        """Keep the cookie to TLS once it came by TLS."""
        return request.is_secure

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - Flask's signature
        """Name the cookie so that browsers let no other site of the domain write it."""
        return "__Host-slugline" if request.is_secure else "slugline"


def register(app: Flask, access: Access, rate_limit: str) -> None:
    """Check every request before its view runs: rate limit, sign-in, role, CSRF token."""
    _configure_sessions(app)
    csrf = CSRFProtect(app)
    _limit_rates(app, rate_limit)
    gate = _Gate(app, access, csrf)
    app.before_request(gate.check)
    app.context_processor(gate.template_values)


def _configure_sessions(app: Flask) -> None:
    app.secret_key = library_of(app).store.users.signing_key()
    app.session_interface = CookieSessions()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        WTF_CSRF_CHECK_DEFAULT=False,  # the gate checks, since it knows who came by a token
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # our pages send no Referer
    )


def _limit_rates(app: Flask, rate_limit: str) -> None:
    """Limit how often one address may send requests, and how often it may try to sign in."""
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri="memory://",
        headers_enabled=True,
        default_limits=[rate_limit] if rate_limit else [],
    )
    sign_in = app.view_functions["accounts.sign_in_now"]
    limited: Any = limiter.limit(SIGN_IN_LIMIT)(sign_in)
    app.view_functions["accounts.sign_in_now"] = limited


class _Gate:
    """Decides for each request whether its visitor may make it."""

    def __init__(self, app: Flask, access: Access, csrf: CSRFProtect) -> None:
        self._app = app
        self._access = access
        self._csrf = csrf
        self._users = library_of(app).store.users
        # Where an OpenID provider or a proxy vouches for users, the instance is private from the
        # start and not only once the first of them has come.
        vouched = settings_of(app).outside.anybody
        self._private = access is Access.PRIVATE or (access is Access.AUTO and vouched)

    def check(self) -> AnyResponse | None:
        """Return None to let the view run, or a redirect to sign in; raises Forbidden."""
        if request.endpoint == "static":
            return None
        view = self._app.view_functions.get(request.endpoint or "")
        g.visitor = _identify()
        anybody = hasattr(view, "open_to_all")
        if self._is_private() and not anybody and g.visitor.role is None:
            return _ask_to_sign_in()
        if request.routing_exception is not None:
            return None  # nothing is there, or not to be written to
        needed = _needed_role(view)
        if needed is not None and not g.visitor.may(needed):
            if g.visitor.role is None:
                return _ask_to_sign_in()
            raise Forbidden(_forbidden(needed))
        if _changes_something() and not g.visitor.by_token:
            self._csrf.protect()
        return None

    def _is_private(self) -> bool:
        """Say whether reading takes signing in; with AUTO access, from the first user on."""
        if self._access is Access.AUTO and not self._private:
            self._private = self._users.any()  # and stays so: removing the last user opens nothing
        return self._private

    def template_values(self) -> dict[str, object]:
        """Return what templates need to know of the visitor."""

        def may(role: str) -> bool:
            return visitor().may(Role(role))

        return {
            "visitor": visitor(),
            "may": may,
            "token": token_field,
            "sign_in_offered": self._private or self._access is Access.PUBLIC,
            "said": _said,
        }


def _changes_something() -> bool:
    return request.method not in SAFE


def _needed_role(view: object) -> Role | None:
    """Return the role that a view asks for.

    A view that changes something and forgot to name a role is for admins.
    """
    forgot = _changes_something() and not hasattr(view, "open_to_all")
    unnamed = Role.ADMIN if forgot and not hasattr(view, "reads_only") else None
    needed: Role | None = getattr(view, "needs", unnamed)
    return needed


def token_field() -> Markup:
    """Return the hidden field that every form carries."""
    field = '<input type="hidden" name="csrf_token" value="{}">'
    return Markup(field).format(generate_csrf())  # noqa: S704 - a text of ours; the value is escaped


def _said() -> list[tuple[str, int | None]]:
    """Return what the page before left to say, and the number of the change that it did.

    Without a cookie there is nothing, and no session begins to look for it.
    """
    if not request.cookies:
        return []
    said: Any = get_flashed_messages(with_categories=True)
    return [(str(words), int(kind) if kind.isdigit() else None) for kind, words in said]


def library_of(app: Flask) -> Any:
    """Return the library of an application, outside of a request."""
    with app.app_context():
        return library()


def settings_of(app: Flask) -> WebSettings:
    """Return the settings of an application, outside of a request."""
    with app.app_context():
        return app_context().settings


def _identify() -> Visitor:
    now = datetime.now(UTC)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        found = library().store.users.of_token(token.strip(), now)
        if found is None:
            raise Unauthorized("This token is not known, or has expired.", www_authenticate=_BEARER)
        return Visitor(found[0].name, found[1], by_token=True)
    secret = session.get(SECRET) if request.cookies else None
    if isinstance(secret, str):
        user = library().store.users.of_session(secret, now)
        if user:
            return Visitor(user.name, user.role)
    return _of_proxy(now)


def _of_proxy(now: datetime) -> Visitor:
    """Return who a proxy at a named address says is asking, where settings believe it."""
    outside = app_context().settings.outside
    name = request.headers.get(outside.header, "") if outside.header else ""
    # Behind a proxy the address is the visitor's; that of the proxy is the connection's.
    peer = PEER.get() or request.remote_addr or ""
    if not name or peer not in outside.addresses:
        return Visitor()
    try:
        user = vouched_user(
            library().store.users, name, outside.new_users, f"the proxy at {peer}", now
        )
    except UsageError as error:
        raise Forbidden(str(error)) from None
    return Visitor(user.name, user.role)


def _ask_to_sign_in() -> AnyResponse:
    if request.path.startswith("/api/"):
        raise Unauthorized(
            "Sign in first: send a token as “Authorization: Bearer TOKEN”.",
            www_authenticate=_BEARER,
        )
    # What was asked for by GET is shown after signing in.
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("accounts.sign_in", next=back or None), 303)


def _forbidden(needed: Role) -> str:
    who = visitor()
    if who.by_token:
        return f"This token may not do that; it takes one with the scope {needed}."
    return f"{who.name} is {who.role}; this takes the role {needed}. An admin can give it."
