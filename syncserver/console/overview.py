"""What an owner wants to see first: what was read today, what is left, and what somebody has to look after."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from syncserver.analytics import service as analytics
from syncserver.console.rendering import page
from syncserver.console.route import ConsoleRoute
from syncserver.console.visit import AnyVisit, Visit
from syncserver.documents import service as documents
from syncserver.documents.schemas import JobFilter, JobView
from syncserver.identity.devices import service as devices
from syncserver.identity.devices.schemas import DeviceView
from syncserver.kit.edge import ReadSession, TheKeys
from syncserver.kit.secret import ServerKeys
from syncserver.processing import service as processing
from syncserver.usage import service as usage
from syncserver.webhooks import service as webhooks
from syncserver.webhooks.schemas import EndpointView

AWAY = timedelta(days=3)
"""A weekend: a device that was not heard of for longer is looked after."""
_LATELY = timedelta(days=7)
_SHOWN = 5
_UTC = ZoneInfo("UTC")

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsoleRoute)


@dataclass(frozen=True, slots=True)
class Attention:
    """What somebody has to look after."""

    failed: list[JobView]
    away: list[DeviceView]
    webhooks: list[EndpointView]

    def __bool__(self) -> bool:
        return bool(self.failed or self.away or self.webhooks)


@router.get("")
def show_overview(request: Request, visit: AnyVisit, session: ReadSession, keys: TheKeys) -> Response:
    """The organization at a glance."""
    organization_id, now = visit.organization_id, visit.now
    entitled = usage.entitlement(session, organization_id, now)
    return page(
        request,
        "overview",
        today=analytics.stats(session, analytics.asked(organization_id, now, 1, _UTC)),
        days=analytics.jobs_over_time(session, analytics.asked(organization_id, now, 14, _UTC)).items,
        waiting=processing.count_active(session, organization_id),
        usage=entitled.usage,
        tier=entitled.tier,
        attention=_attention(session, visit, keys),
        has_devices=bool(devices.page(session, organization_id, None, 1).items),
    )


def _attention(session: Session, visit: Visit, keys: ServerKeys) -> Attention:
    organization_id, now = visit.organization_id, visit.now
    lately = JobFilter(status="failed", since=now - _LATELY)
    failed = documents.page(session, organization_id, lately, None, _SHOWN).items
    away = devices.away(session, organization_id, now - AWAY, _SHOWN)
    return Attention(failed, away, _troubled(session, visit, keys) if visit.access.is_administrator else [])


def _troubled(session: Session, visit: Visit, keys: ServerKeys) -> list[EndpointView]:
    who = webhooks.caller(session, keys, visit.organization_id, visit.access.actor)
    endpoints = webhooks.page(session, who, None, webhooks.MOST).items
    return [one for one in endpoints if one.disabled_because in ("gone", "failing") or one.failing_since]
