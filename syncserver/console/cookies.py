"""What a browser keeps between two pages: the session's tokens, a sign-in's first step, light or dark.

No script sees them, and no other site's page has them sent along (SameSite=Strict).
"""

from dataclasses import dataclass

from fastapi import Request, Response

from syncserver.identity.sessions.schemas import SignedIn
from syncserver.kit.edge import is_over_tls

PATH = "/console"
STEP, STRANGER = "chartdrop_step", "chartdrop_stranger"
_ACCESS, _REFRESH, _THEME = "chartdrop_access", "chartdrop_refresh", "chartdrop_theme"
_YEAR_S = 365 * 24 * 3600
THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class HeldTokens:
    """The session's tokens as the browser sent them back."""

    access: str
    refresh: str


def held_tokens(request: Request) -> HeldTokens | None:
    """The session's tokens; None from a browser that has none."""
    refresh = request.cookies.get(_REFRESH)
    return HeldTokens(request.cookies.get(_ACCESS, ""), refresh) if refresh else None


def keep_tokens(request: Request, response: Response, tokens: SignedIn) -> None:
    """The browser has the session until it is closed, or the session ends."""
    keep(request, response, _ACCESS, tokens.access_token)
    keep(request, response, _REFRESH, tokens.refresh_token)


def forget_tokens(request: Request, response: Response) -> None:
    """The browser has no session."""
    for name in (_ACCESS, _REFRESH):
        forget(request, response, name)


def theme_of(request: Request) -> str:
    """`light`, `dark`, or `system`, which follows the machine."""
    theme = request.cookies.get(_THEME, "")
    return theme if theme in THEMES else THEMES[0]


def keep_theme(request: Request, response: Response, theme: str) -> None:
    """The browser keeps the choice for a year."""
    keep(request, response, _THEME, theme, _YEAR_S)


def keep(request: Request, response: Response, name: str, value: str, max_age_s: int | None = None) -> None:
    """The browser sends `value` with every request for a page of the console; without an age, until it is closed."""
    secure = is_over_tls(request)
    response.set_cookie(name, value, max_age_s, path=PATH, secure=secure, httponly=True, samesite="strict")


def forget(request: Request, response: Response, name: str) -> None:
    """The browser has it no more."""
    response.delete_cookie(name, path=PATH, secure=is_over_tls(request), httponly=True, samesite="strict")
