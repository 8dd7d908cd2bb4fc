"""Signed tokens (JWT, RFC 7519; typed as RFC 8725, section 3.11 asks): short-lived, each kind good for one thing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import jwt

from syncserver.identity.errors import NotSignedIn
from syncserver.kit.secret import ServerKeys

_ALGORITHM = "HS256"
_ISSUER = "chartdrop-server"


@dataclass(frozen=True, slots=True)
class _Kind:
    typ: str
    audience: str
    lifetime: timedelta


class TokenKind(Enum):
    """What a token is good for, and for how long."""

    ACCESS = _Kind("at+jwt", "chartdrop-api", timedelta(minutes=10))
    DEVICE = _Kind("device+jwt", "chartdrop-sync", timedelta(minutes=10))
    SECOND_STEP = _Kind("second-step+jwt", "chartdrop-console", timedelta(minutes=5))
    """The password was right; a code of the second factor is still to come."""
    CHALLENGE = _Kind("challenge+jwt", "chartdrop-challenge", timedelta(seconds=60))


def lifetime_s(kind: TokenKind) -> int:
    """Seconds that a token of this kind lasts."""
    return int(kind.value.lifetime.total_seconds())


def issue(keys: ServerKeys, kind: TokenKind, subject: str, now: datetime, session: str = "") -> str:
    """A token of this kind for `subject`, valid from `now`; `session` names the session it belongs to."""
    claims = {
        "iss": _ISSUER,
        "aud": kind.value.audience,
        "typ": kind.value.typ,
        "sub": subject,
        "sid": session,
        "iat": int(now.timestamp()),
        "exp": int((now + kind.value.lifetime).timestamp()),
    }
    return jwt.encode(claims, keys.tokens, _ALGORITHM, headers={"typ": kind.value.typ, "kid": _key_id(keys)})


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom a valid token names, and since when (seconds of the epoch)."""

    subject: str
    session: str
    issued_at: int


def read(keys: ServerKeys, kind: TokenKind, token: str, now: datetime) -> Claims:
    """Whom `token` names. Raises NotSignedIn when it is not ours, of another kind, or over."""
    refused = NotSignedIn("The token is not valid, or is over. Sign in again.")
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(
            token,
            keys.tokens,
            [_ALGORITHM],
            audience=kind.value.audience,
            issuer=_ISSUER,
            options={
                "verify_exp": False,
                "verify_iat": False,
                "require": ["exp", "iat", "sub", "typ"],
            },  # by our own clock
        )
    except jwt.InvalidTokenError as error:
        raise refused from error
    if header.get("typ") != kind.value.typ or claims["typ"] != kind.value.typ or header.get("kid") != _key_id(keys):
        raise refused
    if claims["exp"] <= now.timestamp():
        raise refused
    return Claims(claims["sub"], claims["sid"], claims["iat"])


def _key_id(keys: ServerKeys) -> str:
    return hashlib.sha256(b"kid" + keys.tokens).hexdigest()[:16]
