"""The pages to sign in and out, of one's own account, and of all users."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from models.accounts import Role, checked_name, checked_password
from models.errors import UsageError
from web.accounts.access import SECRET, needs, open_to_all, visitor
from web.accounts.passwords import hash_password, verify_password
from web.accounts.signing_in import sign_in as signed_in
from web.context import library
from web.tables import table_of
from web.translation.localization import gettext, translate

pages = Blueprint("accounts", __name__)

LONGEST_FIELD = 1000
TOKEN_DAYS = (7, 30, 90, 365)


@pages.get("/sign-in")
@open_to_all
def sign_in() -> str | Response:
    """Ask for name and password."""
    if visitor().role:
        return redirect(_back(), 303)
    return render_template("sign_in.html", back=_back(), name="", fault="")


@pages.post("/sign-in")
@open_to_all
def sign_in_now() -> tuple[str, int] | Response:
    """Sign in, and go on to where the visitor wanted to go."""
    name = _field("name")
    try:
        secret = signed_in(
            library().store.users, name, request.form.get("password", ""), datetime.now(UTC)
        )
    except UsageError as error:
        page = render_template("sign_in.html", back=_back(), name=name, fault=str(error))
        return page, 403
    session.clear()  # what a stranger may have put there before is gone
    session[SECRET] = secret
    session.permanent = True
    return redirect(_back(), 303)


@pages.post("/sign-out")
@open_to_all
def sign_out() -> Response:
    """Sign out, here only."""
    secret = session.get(SECRET)
    if isinstance(secret, str):
        library().store.users.close_session(secret)
    session.clear()
    return redirect(url_for("front.front"), 303)


@pages.get("/account")
@needs(Role.READER)
def account() -> str:
    """Show one's own account: the password and the tokens for the API."""
    return _account()


@pages.post("/account/password")
@needs(Role.READER)
def change_password() -> tuple[str, int] | Response:
    """Change one's own password, which signs out everywhere else."""
    users, who, now = library().store.users, visitor().name, datetime.now(UTC)
    try:
        if not verify_password(users.get(who).password, request.form.get("old", "")):
            raise UsageError("The old password is another one.")
        password = checked_password(request.form.get("new", ""), who)
    except UsageError as error:
        return _account(fault=str(error)), 400
    users.set_password(who, hash_password(password), who=who, now=now)
    session[SECRET] = users.open_session(who, now)
    flash(gettext("The password is changed; all other browsers are signed out."))
    return redirect(url_for("accounts.account"), 303)


@pages.post("/account/tokens")
@needs(Role.READER)
def make_token() -> tuple[str, int]:
    """Make a token for the API, and show it this once."""
    who = visitor().name
    try:
        scope = _role("scope")
        days = _days()
        _, secret = library().store.users.add_token(
            who, _field("name"), scope, days, who=who, now=datetime.now(UTC)
        )
    except UsageError as error:
        return _account(fault=str(error)), 400
    return _account(secret=secret), 201


@pages.post("/account/tokens/<int:number>/remove")
@needs(Role.READER)
def remove_token(number: int) -> Response:
    """Take a token away."""
    who = visitor().name
    library().store.users.remove_token(who, number, who=who, now=datetime.now(UTC))
    flash(gettext("The token is removed."))
    return redirect(url_for("accounts.account"), 303)


@pages.get("/users")
@needs(Role.ADMIN)
def users() -> str | Response:
    """List the users, for those who may add and remove them."""
    table = table_of(
        "users",
        ("name", "role", "added", "last_seen"),
        lambda: (
            (each.name, each.role, each.added, each.last_seen)
            for each in library().store.users.all()
        ),
    )
    return table or _users()


@pages.post("/users")
@needs(Role.ADMIN)
def add_user() -> tuple[str, int] | Response:
    """Add a user with a first password."""
    try:
        name = checked_name(_field("name"))
        password = checked_password(request.form.get("password", ""), name)
        library().store.users.add(
            name, _role("role"), hash_password(password), who=visitor().name, now=datetime.now(UTC)
        )
    except UsageError as error:
        return _users(fault=str(error)), 400
    flash(gettext("{name} can sign in now.", name=name))
    return redirect(url_for("accounts.users"), 303)


@pages.post("/users/<name>")
@needs(Role.ADMIN)
def change_user(name: str) -> tuple[str, int] | Response:
    """Give a user another role, or remove the user."""
    here, now, who = library().store.users, datetime.now(UTC), visitor().name
    try:
        if "remove" in request.form:
            here.remove(name, who=who, now=now)
            flash(gettext("{name} is removed.", name=name))
        else:
            changed = here.change_role(name, _role("role"), who=who, now=now)
            flash(gettext("{name} is {role} now.", name=name, role=translate(str(changed.role))))
    except UsageError as error:
        return _users(fault=str(error)), 400
    return redirect(url_for("accounts.users"), 303)


def _account(fault: str = "", secret: str = "") -> str:
    who = visitor()
    return render_template(
        "account.html",
        tokens=library().store.users.tokens(who.name),
        scopes=[role for role in Role if who.may(role)],
        days=TOKEN_DAYS,
        fault=fault,
        secret=secret,
    )


def _users(fault: str = "") -> str:
    found = library().store.users.all()
    return render_template("users.html", users=found, roles=list(Role), fault=fault)


def _field(name: str) -> str:
    return " ".join(request.form.get(name, "")[:LONGEST_FIELD].split())


def _role(field: str) -> Role:
    try:
        return Role(_field(field))
    except ValueError:
        raise UsageError(f"Choose one of {', '.join(Role)}.") from None


def _days() -> int:
    text = _field("days")
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        raise UsageError("Say for how many days, as a number.")
    return int(text)


def _back() -> str:
    return own_address(request.values.get("next", ""))


def own_address(wanted: str) -> str:
    """Return where to go on: a path of this site, never another site, else the front page."""
    wanted = wanted[:LONGEST_FIELD]
    own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if own else url_for("front.front")
