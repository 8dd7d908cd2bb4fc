"""What a page hands to a browser and gets back, signed so that nobody else can make it: forms' tokens and notices."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from syncserver.kit.secret import ServerKeys

_SIGNATURE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Notice:
    """What the next page says first: that something was done, or why not."""

    kind: Literal["done", "refused"]
    text: str


def form_token(keys: ServerKeys, holder: str) -> str:
    """Stands in every form for `holder`, a session or a browser without one: another site's page cannot know it."""
    return _signature(keys, f"form:{holder}")


def is_form_token(keys: ServerKeys, holder: str, given: str) -> bool:
    """Whether the form that came is one that `holder` was given."""
    return hmac.compare_digest(form_token(keys, holder).encode(), given.encode())


def with_notice(keys: ServerKeys, path: str, notice: Notice) -> str:
    """`path`, where the page will say so."""
    told = base64.urlsafe_b64encode(json.dumps([notice.kind, notice.text]).encode()).decode()
    join = "&" if "?" in path else "?"
    return f"{path}{join}notice={quote(told + '.' + _signature(keys, 'notice:' + told))}"


def notice_in(keys: ServerKeys, mark: str | None) -> Notice | None:
    """What the mark says; None unless it is one of ours."""
    told, _, signature = (mark or "").partition(".")
    if not told or not hmac.compare_digest(_signature(keys, "notice:" + told).encode(), signature.encode()):
        return None
    kind, text = json.loads(base64.urlsafe_b64decode(told))
    return Notice(kind, text)


def _signature(keys: ServerKeys, what: str) -> str:
    return hmac.new(keys.console, what.encode(), hashlib.sha256).digest()[:_SIGNATURE_BYTES].hex()
