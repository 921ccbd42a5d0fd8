"""Signing in with an OpenID provider: the authorisation code flow with PKCE (RFC 7636)."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from models.errors import ConfigError, UsageError
from web.accounts.access import SECRET, open_to_all
from web.accounts.outside import OidcProvider, claimed_name, vouched_user
from web.accounts.pages import own_address
from web.context import app_context, library

log = logging.getLogger(__name__)

NAME = "slugline"
BACK = "oidc-back"
SECONDS = 10
"""How long the provider may take for each answer."""
SILENT = "The identity provider does not answer. Try again, or sign in with a password."
REFUSED = "The identity provider did not sign you in. Try again."


def register(app: Flask, settings: OidcProvider) -> None:
    """Offer an application's users to sign in with a provider; raises ConfigError."""
    try:
        from authlib.integrations.flask_client import OAuth
    except ImportError:
        raise ConfigError(
            "oidc.issuer is set, which needs another package: pip install 'slugline[oidc]'"
        ) from None
    oauth = OAuth(app)
    oauth.register(
        NAME,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=settings.issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "timeout": SECONDS,
        },
    )
    app.register_blueprint(_pages(oauth, settings))


def _pages(oauth: Any, settings: OidcProvider) -> Blueprint:
    from authlib.common.errors import AuthlibBaseError
    from requests import RequestException

    pages = Blueprint("oidc", __name__, url_prefix="/sign-in/oidc")

    @pages.get("")
    @open_to_all
    def leave() -> tuple[str, int] | Response:
        """Send a visitor to the provider."""
        try:
            gone: Response = getattr(oauth, NAME).authorize_redirect(
                url_for("oidc.back", _external=True)
            )
        except (RequestException, AuthlibBaseError, RuntimeError, ValueError) as error:
            log.warning("The identity provider %s does not answer: %s", settings.issuer, error)
            return _refused(SILENT, 503)
        session[BACK] = own_address(request.args.get("next", ""))
        return gone

    @pages.get("/back")
    @open_to_all
    def back() -> tuple[str, int] | Response:
        """Sign a visitor in whom the provider sends back."""
        try:
            token = getattr(oauth, NAME).authorize_access_token()
        except RequestException as error:
            log.warning("The identity provider %s does not answer: %s", settings.issuer, error)
            return _refused(SILENT, 503)
        except (AuthlibBaseError, ValueError, KeyError) as error:
            log.warning("The identity provider %s refused: %s", settings.issuer, error)
            return _refused(REFUSED, 403)
        users, now = library().store.users, datetime.now(UTC)
        outside = app_context().settings.outside
        try:
            name = claimed_name(dict(token.get("userinfo") or {}), settings.claim)
            user = vouched_user(users, name, outside.new_users, settings.issuer, now)
        except UsageError as error:
            return _refused(str(error), 403)
        place = own_address(str(session.get(BACK, "")))
        session.clear()
        session[SECRET] = users.open_session(user.name, now)
        session.permanent = True
        log.info("%s signed in by %s.", user.name, settings.issuer)
        return redirect(place, 303)

    return pages


def _refused(words: str, status: int) -> tuple[str, int]:
    page = render_template("sign_in.html", back=own_address(""), name="", fault=words)
    return page, status
