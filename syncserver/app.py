"""The composition root: every part of the server, put together once."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel

from shared.clock import Clock, system_clock
from shared.wire.v1.problems import Problem
from syncserver.audit import endpoints as audit_endpoints
from syncserver.audit.service import AuditWriter
from syncserver.billing import endpoints as billing_endpoints
from syncserver.documents import endpoints as documents_endpoints
from syncserver.events.relay import Relay
from syncserver.identity.api_keys import endpoints as api_keys_endpoints
from syncserver.identity.devices import endpoints as devices_endpoints
from syncserver.identity.people import endpoints as people_endpoints
from syncserver.ingest import endpoints as ingest_endpoints
from syncserver.ingest.bodies import MAX_PACKED_BYTES
from syncserver.kit import api_pages, health
from syncserver.kit.database import Database
from syncserver.kit.http import RequestFrame
from syncserver.kit.problems import install_problems
from syncserver.kit.secret import ServerKeys, prepare_data_dir
from syncserver.settings import Settings
from syncserver.usage import endpoints as usage_endpoints
from syncserver.usage.service import count_pages

VERSION = version("chartdrop")
_DESCRIPTION = (
    "Holds what a clinic's desktops read, sealed under a key of the organization. "
    "Errors are RFC 9457 problems; lists are pages by cursor; a `POST` that creates takes an `Idempotency-Key`."
)
_ROUTERS = (
    people_endpoints.router,
    usage_endpoints.router,
    api_keys_endpoints.router,
    devices_endpoints.router,
    ingest_endpoints.router,
    documents_endpoints.router,
    audit_endpoints.router,
    billing_endpoints.router,
    health.router,
    api_pages.router,
)


class Root(BaseModel):
    """What this server is, and where to look next."""

    name: str
    version: str
    features: list[str]
    links: dict[str, str]


@dataclass(frozen=True, slots=True)
class Parts:
    """What an app is made of besides its code."""

    settings: Settings
    keys: ServerKeys
    database: Database
    clock: Clock = system_clock


def create_app(parts: Parts) -> FastAPI:
    """The whole server as an ASGI application, over an open database at the newest revision."""
    relay = Relay(parts.database, parts.clock, {"pages.read": count_pages})
    app = FastAPI(
        title="Chartdrop",
        version=VERSION,
        description=_DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=partial(_lifespan, relay),
        redirect_slashes=False,
    )
    app.state.database, app.state.keys, app.state.clock = parts.database, parts.keys, parts.clock
    app.state.witness, app.state.wake_relay = AuditWriter(parts.keys), relay.wake
    app.state.checks = _checks(parts, relay)
    for router in _ROUTERS:
        app.include_router(router)
    app.add_api_route("/", _root, tags=["server"])
    install_problems(app)
    _describe_wire(app)
    if parts.settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=parts.settings.cors_origins, allow_methods=["*"], allow_headers=["*"]
        )
    app.add_middleware(RequestFrame, larger_bodies=[(ingest_endpoints.PUSH_PATH, MAX_PACKED_BYTES)])
    return app


@asynccontextmanager
async def _lifespan(relay: Relay, _: FastAPI) -> AsyncIterator[None]:
    relay.start()
    try:
        yield
    finally:
        relay.stop()


def _checks(parts: Parts, relay: Relay) -> dict[str, Callable[[], None]]:
    return {
        "database": parts.database.check,
        "storage": partial(health.check_storage, prepare_data_dir(parts.settings.data_dir)),
        "queue": relay.check,
    }


def _root(request: Request) -> Root:
    """What this server is, and where to look next. Open to everybody."""
    base = str(request.base_url).rstrip("/")
    return Root(
        name="Chartdrop",
        version=VERSION,
        features=["sync", "jobs", "api-keys", "devices", "audit"],
        links={
            "openapi": f"{base}/api/openapi.json",
            "docs": f"{base}/api/docs",
            "redoc": f"{base}/api/redoc",
            "health": f"{base}/health",
        },
    )


def _describe_wire(app: FastAPI) -> None:
    """The OpenAPI document holds the shapes of problems and of a push, which no route declares as its model."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        problem = Problem.model_json_schema()
        push = {key: value for key, value in ingest_endpoints.PUSH_SCHEMA.items() if key != "$defs"}
        described = {"Problem": problem, "PushRequest": push, **ingest_endpoints.PUSH_SCHEMA["$defs"]}
        for name, schema in described.items():
            document["components"]["schemas"].setdefault(name, schema)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document
