"""The composition root: every part of the server, put together once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from random import random
from typing import Any, Protocol

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel

from shared.clock import Clock, system_clock
from shared.reading.settings import MEGABYTE
from shared.wire.v1.problems import Problem
from syncserver.analytics import endpoints as analytics_endpoints
from syncserver.audit import endpoints as audit_endpoints
from syncserver.audit.notary import Notary
from syncserver.audit.service import AuditWriter
from syncserver.billing import endpoints as billing_endpoints
from syncserver.billing.rounds import billing_rounds
from syncserver.billing.stripe_gateway import open_gateway
from syncserver.console.all_pages import CONSOLE
from syncserver.documents import endpoints as documents_endpoints
from syncserver.effects import make_relay
from syncserver.events.looks import Looks
from syncserver.events.transaction import beginner
from syncserver.feed import endpoints as feed_endpoints
from syncserver.identity.api_keys import endpoints as api_keys_endpoints
from syncserver.identity.api_keys.tally import Tally
from syncserver.identity.devices import endpoints as devices_endpoints
from syncserver.identity.invitations import endpoints as invitations_endpoints
from syncserver.identity.members import endpoints as members_endpoints
from syncserver.identity.passwords import endpoints as passwords_endpoints
from syncserver.identity.people import endpoints as people_endpoints
from syncserver.identity.policy import endpoints as policy_endpoints
from syncserver.identity.second_factor import endpoints as second_factor_endpoints
from syncserver.identity.sessions import endpoints as sessions_endpoints
from syncserver.ingest import endpoints as ingest_endpoints
from syncserver.ingest.bodies import MAX_PACKED_BYTES
from syncserver.kit import api_pages, health, metrics
from syncserver.kit.database import Database
from syncserver.kit.edge import base_url_of
from syncserver.kit.http import MAX_BODY_BYTES, RequestFrame
from syncserver.kit.mail import open_mailer
from syncserver.kit.metrics import Metrics
from syncserver.kit.problems import install_problems
from syncserver.kit.rates import RateLimit, rate_of
from syncserver.kit.secret import ServerKeys
from syncserver.kit.storage import open_storage
from syncserver.kit.turns import Turns
from syncserver.operation import endpoints as operation_endpoints
from syncserver.processing import endpoints as processing_endpoints
from syncserver.processing.celery_bell import CeleryBell
from syncserver.processing.drawing import Drawer
from syncserver.processing.intake import Intake
from syncserver.processing.pool import Pool
from syncserver.processing.readers import reading_process
from syncserver.processing.sweeper import Sweeper
from syncserver.processing.work import Works
from syncserver.processing.workers import MakeReader, Workers
from syncserver.settings import Settings
from syncserver.templates import endpoints as templates_endpoints
from syncserver.usage import endpoints as usage_endpoints
from syncserver.usage.service import check_allowance
from syncserver.webhooks import endpoints as webhooks_endpoints
from syncserver.webhooks.addresses import check_url, look_up
from syncserver.webhooks.deliveries import Pauses
from syncserver.webhooks.dispatcher import Dispatcher
from syncserver.webhooks.sending import Sender

VERSION = version("chartdrop")
_ASKING_THREADS = 4
"""For what waits for no lock of anybody's: who it is that asks, a job, the writing of looks. They share one interpreter
lock: with forty, a sixth fewer requests were answered."""
_PUSHES_AT_ONCE = 4
"""Two keep a processor and PostgreSQL busy. Forty, a thread each, would hold forty batches taken apart in memory, and
every thread that people's requests run in."""
_LOOK_UP_WITHIN_S = 2.0  # of a webhook's name, while somebody waits for an answer
_DESCRIPTION = (
    "Holds what a clinic's desktops read, sealed under a key of the organization. "
    "Errors are RFC 9457 problems; lists are pages by cursor; a `POST` that creates takes an `Idempotency-Key`."
)
_ROUTERS = (  # looked through in this order for each request: what is asked for most comes first
    documents_endpoints.router,
    people_endpoints.router,
    sessions_endpoints.router,
    second_factor_endpoints.router,
    passwords_endpoints.router,
    invitations_endpoints.router,
    members_endpoints.router,
    usage_endpoints.router,
    api_keys_endpoints.router,
    devices_endpoints.router,
    policy_endpoints.router,
    ingest_endpoints.router,
    feed_endpoints.router,
    processing_endpoints.router,
    processing_endpoints.open_router,
    templates_endpoints.router,
    audit_endpoints.router,
    webhooks_endpoints.router,
    analytics_endpoints.router,
    billing_endpoints.router,
    billing_endpoints.open_router,
    operation_endpoints.router,
    health.router,
    metrics.router,
    api_pages.router,
    *CONSOLE,
)


class Follower(Protocol):
    """Sees to it that effects follow events."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def wake(self) -> None: ...
    def check(self) -> None: ...


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
    make_reader: MakeReader | None = None
    """What reads the documents in this process; without it, the real reader."""
    relay: Follower | None = None
    """What sees to it that effects follow; without it, a thread of this process."""


def create_app(parts: Parts) -> FastAPI:
    """The whole server as an ASGI application, over an open database at the newest revision."""
    relay = parts.relay or make_relay(parts.database, parts.keys, parts.clock)
    tally = Tally(parts.database)
    works = _works(parts, relay)
    workers = _workers(parts, works)
    notary = Notary(parts.database, parts.keys, parts.clock)
    stripe = open_gateway(parts.settings)
    billing = billing_rounds(stripe, parts.database, works.begin, parts.clock)
    sweeper = Sweeper(works, workers)
    app = FastAPI(
        title="Chartdrop",
        version=VERSION,
        description=_DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=partial(_lifespan, (relay, tally, workers, sweeper, notary, _dispatcher(parts, works), *billing)),
        redirect_slashes=False,
    )
    app.state.database, app.state.keys, app.state.clock = parts.database, parts.keys, parts.clock
    app.state.begin = works.begin
    app.state.key_tally = tally
    app.state.stripe = stripe
    app.state.looks = Looks(works.begin)
    app.state.pushes = Turns(_PUSHES_AT_ONCE, "push")
    networks, drawer = parts.settings.webhook_allowed_networks, Drawer(parts.settings)
    check_webhook_url = partial(check_url, allowed=networks, resolve=look_up, within_s=_LOOK_UP_WITHIN_S)
    app.state.intake = Intake(
        workers, works.storage, _file_bytes(parts.settings), check_allowance, check_webhook_url, drawer
    )
    app.state.checks = _checks(works, relay, workers)
    app.state.trusted_proxies = parts.settings.trusted_proxies
    app.state.mailer = open_mailer(parts.settings)
    app.state.metrics = Metrics(parts.database.connections_in_use)
    token = parts.settings.metrics_token
    app.state.metrics_token = token.get_secret_value() if token else None
    for router in _ROUTERS:
        app.router.routes.extend(router.routes)  # including routers would make every route anew for each app
    app.add_api_route("/", _root, tags=["server"])
    install_problems(app)
    _describe_wire(app)
    if parts.settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=parts.settings.cors_origins, allow_methods=["*"], allow_headers=["*"]
        )
    if parts.settings.rate_limit:
        app.add_middleware(RateLimit, rate=rate_of(parts.settings.rate_limit))
    app.add_middleware(RequestFrame, metrics=app.state.metrics, larger_bodies=_larger_bodies(parts.settings))
    return app


def _dispatcher(parts: Parts, works: Works) -> Dispatcher:
    settings = parts.settings
    make_sender = partial(Sender, settings.webhook_allowed_networks)
    pauses = Pauses(settings.webhook_retries_s, random)
    lease = timedelta(seconds=settings.lease_s)
    return Dispatcher(
        parts.database, parts.keys, parts.clock, works.begin, pauses, lease, make_sender, open_mailer(settings)
    )


def _works(parts: Parts, relay: Follower) -> Works:
    begin = beginner(parts.database, parts.clock, AuditWriter(parts.keys), relay.wake)
    return Works(parts.settings, parts.keys, parts.database, open_storage(parts.settings), parts.clock, begin)


def _workers(parts: Parts, works: Works) -> Workers:
    if parts.settings.broker_url:
        return CeleryBell(parts.settings)
    return Pool(works, parts.make_reader or partial(reading_process, parts.settings))


def _larger_bodies(settings: Settings) -> list[tuple[str, int]]:
    """Paths that take more than a form of people's, with how many bytes."""
    return [
        (ingest_endpoints.PUSH_PATH, MAX_PACKED_BYTES),
        (processing_endpoints.JOBS_PATH, _file_bytes(settings) + MAX_BODY_BYTES),
        (processing_endpoints.BATCHES_PATH, settings.max_batch_mb * MEGABYTE),
    ]


def _file_bytes(settings: Settings) -> int:
    return settings.max_upload_mb * MEGABYTE


class _Runs(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


@asynccontextmanager
async def _lifespan(running: Sequence[_Runs], _: FastAPI) -> AsyncIterator[None]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_ASKING_THREADS))
    for part in running:
        part.start()
    try:
        yield
    finally:
        for part in reversed(running):
            part.stop()


def _checks(works: Works, relay: Follower, workers: Workers) -> dict[str, Callable[[], None]]:
    def queue() -> None:
        relay.check()
        workers.check()

    return {"database": works.database.check, "storage": works.storage.check, "queue": queue}


def _root(request: Request) -> Root:
    """What this server is, and where to look next. Open to everybody."""
    base = base_url_of(request)
    return Root(
        name="Chartdrop",
        version=VERSION,
        features=[
            "sync",
            "jobs",
            "batches",
            "templates",
            "webhooks",
            "api-keys",
            "devices",
            "audit",
            "usage",
            "analytics",
            "billing",
            "console",
        ],
        links={
            "openapi": f"{base}/api/openapi.json",
            "console": f"{base}/console",
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
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = problem.pop("$defs")
        push = {key: value for key, value in ingest_endpoints.PUSH_SCHEMA.items() if key != "$defs"}
        described = {"Problem": problem, **parts, "PushRequest": push, **ingest_endpoints.PUSH_SCHEMA["$defs"]}
        for name, schema in described.items():
            document["components"]["schemas"].setdefault(name, schema)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document
