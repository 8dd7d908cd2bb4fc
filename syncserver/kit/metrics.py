"""`/metrics` for Prometheus: how many requests of which route ended how, and how long they took. No identifiers.

Open to this machine alone; to others with a token of the operator's.
"""

import hmac
from collections.abc import Callable
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector
from starlette.types import Scope

from syncserver.kit.errors import ServerError

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

router = APIRouter(include_in_schema=False)


class MetricsRefused(ServerError):
    """Whoever asks is not on this machine and has no token."""

    code = "not_allowed"
    status = 403


class Metrics:
    """The numbers of one app."""

    def __init__(self, connections_in_use: Callable[[], float]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "chartdrop_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._durations = Histogram(
            "chartdrop_request_duration_seconds",
            "From a request's first byte to its answer's last.",
            ("method", "route"),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self.under_way = Gauge("chartdrop_requests_under_way", "Requests being answered.", registry=self.registry)
        in_use = Gauge("chartdrop_database_connections", "Database connections in use.", registry=self.registry)
        in_use.set_function(connections_in_use)

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """One request was answered. Counted by its route's pattern: a path may hold an id."""
        route = getattr(scope.get("route"), "path", "unknown")
        method = scope["method"] if route != "unknown" else "any"  # a client may make methods up
        self._requests.labels(method, route, str(status)).inc()
        self._durations.labels(method, route).observe(seconds)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """The server's numbers, as Prometheus reads them."""
    _check_asker(request)
    kept: Metrics = request.app.state.metrics
    return Response(generate_latest(kept.registry), media_type=CONTENT_TYPE_LATEST)


def _check_asker(request: Request) -> None:
    token: str | None = request.app.state.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return
    # A proxy on this machine speaks for others, and says so.
    is_forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    if is_forwarded or not _is_here(request):
        raise MetricsRefused("Metrics are for this machine alone, or for who holds CHARTDROP_METRICS_TOKEN.")


def _is_here(request: Request) -> bool:
    try:
        return ip_address(request.client.host).is_loopback if request.client else False
    except ValueError:
        return False
