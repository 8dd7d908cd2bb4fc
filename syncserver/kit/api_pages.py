"""Swagger UI and ReDoc with every asset from this server: they work without the network and ask no foreign host."""

from functools import cache
from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, Response

from syncserver.kit.errors import NotFound

_BUNDLES = Path(fastapi_offline.__file__).parent / "static"
_PAGES = Path(__file__).parent / "pages"
_MEDIA_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
_ASSETS = {
    "swagger-ui-bundle.js": _BUNDLES,
    "swagger-ui.css": _BUNDLES,
    "redoc.standalone.js": _BUNDLES,
    "favicon.png": _PAGES,
    "swagger.js": _PAGES,
}
_FOREIGN_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg"  # the one picture that ReDoc would fetch
# Both programs write style elements, and ReDoc searches in a worker that it makes from a blob.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

router = APIRouter(prefix="/api", include_in_schema=False)


@router.get("/docs")
def swagger_page() -> Response:
    """Swagger UI."""
    return _file(_PAGES / "swagger.html")


@router.get("/redoc")
def redoc_page() -> Response:
    """ReDoc."""
    return _file(_PAGES / "redoc.html")


@router.get("/docs-assets/{name}")
def asset(name: str) -> Response:
    """A script, style or picture of the two pages."""
    if name not in _ASSETS:
        raise NotFound("There is no such asset.")
    answer = _file(_ASSETS[name] / name)
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def _file(path: Path) -> Response:
    return Response(_content(path), media_type=_MEDIA_TYPES[path.suffix], headers={"Content-Security-Policy": _POLICY})


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes().replace(_FOREIGN_LOGO.encode(), b"/api/docs-assets/favicon.png")
