"""Styles, scripts and the icon of the pages, from this server alone. Their address changes with their content."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response

from syncserver.kit.errors import NotFound

_FOLDER = Path(__file__).parent / "assets"
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_NAMES = (
    "console.css",
    "console.js",
    "charts.js",
    "qr.js",
    "icon.svg",
    "vendor/htmx.min.js",
    "vendor/uplot.min.js",
    "vendor/uplot.min.css",
    "vendor/qrcode.js",
)

router = APIRouter(prefix="/console/assets", include_in_schema=False)


@router.get("/{version}/{name:path}")
def asset(version: str, name: str) -> Response:
    """An asset; of another version than this server's, the one that it has."""
    if name not in _NAMES:
        raise NotFound("There is no such asset.")
    lasting = "public, max-age=31536000, immutable" if version == current_version() else "no-store"
    media_type = _MEDIA_TYPES[Path(name).suffix]
    return Response(_content(name), media_type=media_type, headers={"Cache-Control": lasting})


@cache
def current_version() -> str:
    """Stands for the content of all assets."""
    digest = hashlib.sha256()
    for name in _NAMES:
        digest.update(_content(name))
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where the asset is."""
    return f"/console/assets/{current_version()}/{name}"


@cache
def _content(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
