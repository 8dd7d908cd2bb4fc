"""Links of the server's own, good for minutes: whoever holds one may fetch one object, unsealed on the way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import jwt
from jwt.types import Options

from syncserver.kit.errors import NotFound

GOOD_FOR = timedelta(minutes=5)  # long enough to begin a download, too short to be passed around
_ALGORITHM = "HS256"
_AUDIENCE = "chartdrop-download"


class LinkOver(NotFound):
    """The link is not one of ours, or its time is over."""

    code = "link_over"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens: an organization's job, for whoever asked for it."""

    organization_id: UUID
    job_id: UUID
    actor: str


def sign_link(key: bytes, link: Link, expires_at: datetime) -> str:
    """A text for a URL that stands for `link` until `expires_at`."""
    claims = {
        "aud": _AUDIENCE,
        "org": str(link.organization_id),
        "sub": str(link.job_id),
        "act": link.actor,
        "exp": int(expires_at.timestamp()),
    }
    return jwt.encode(claims, key, _ALGORITHM)


def read_link(key: bytes, text: str, now: datetime) -> Link:
    """What `text` stands for. Raises LinkOver."""
    options: Options = {"verify_exp": False, "require": ["exp", "sub", "org", "act"]}  # by our own clock
    try:
        claims = jwt.decode(text, key, [_ALGORITHM], audience=_AUDIENCE, options=options)
        if claims["exp"] > now.timestamp():
            return Link(UUID(claims["org"]), UUID(claims["sub"]), claims["act"])
    except (jwt.InvalidTokenError, ValueError) as error:
        raise _over() from error
    raise _over()


def _over() -> LinkOver:
    return LinkOver("This link is over, or is not one of ours. Ask for a new one.")
