"""Pages as HTML: templates with every value escaped, under a policy that lets nothing foreign in."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from syncserver.console import assets, cookies, marks, words
from syncserver.console.marks import Notice
from syncserver.console.navigation import ACCOUNT, place_of, sections_for
from syncserver.console.visit import IDLE, Visit
from syncserver.identity.roles import Role
from syncserver.kit.opaque import new_token
from syncserver.kit.secret import ServerKeys

_PAGES = Path(__file__).parent / "pages"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ROLES = {
    Role.OWNER: "Owner",
    Role.ADMIN: "Admin",
    Role.MEMBER: "Member",
    Role.READ_ONLY: "Read only",
}


def page(request: Request, name: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """The page `name` with these values."""
    visit: Visit | None = getattr(request.state, "visit", None)
    keys: ServerKeys = request.app.state.keys
    frame = {
        "visit": visit,
        "token": visit.token if visit else "",
        "sections": sections_for(visit.access) if visit else [],
        "account": ACCOUNT,
        "place": (place := place_of(request.url.path)),
        "path": request.url.path if request.method == "GET" else place or request.url.path,  # others open by no link
        "theme": cookies.theme_of(request),
        "notice": marks.notice_in(keys, request.query_params.get("notice")),
        "idle_minutes": int(IDLE.total_seconds() // 60),
        "now": visit.now if visit else None,
    }
    html = _environment().get_template(f"{name}.html").render(frame | values)
    return HTMLResponse(html, status, {"Content-Security-Policy": _POLICY})


def older(request: Request, cursor: str | None) -> str | None:
    """Where the list goes on; None at its end."""
    if cursor is None:
        return None
    url = request.url.remove_query_params("notice").include_query_params(cursor=cursor)
    return f"{url.path}?{url.query}"


def done(request: Request, path: str, text: str) -> Response:
    """On to `path`, which says first that it was done."""
    return _on_to(request, path, Notice("done", text))


def refused(request: Request, path: str, text: str) -> Response:
    """Back to `path`, which says first why it was not done."""
    return _on_to(request, path, Notice("refused", text))


def _on_to(request: Request, path: str, notice: Notice) -> Response:
    return RedirectResponse(marks.with_notice(request.app.state.keys, path, notice), status_code=303)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= words.FILTERS
    environment.globals |= {
        "asset": assets.address,
        "since": words.since,
        "roles": _ROLES,
        "new_once": lambda: new_token("once_"),
    }
    return environment
