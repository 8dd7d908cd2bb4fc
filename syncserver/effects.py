"""What follows from each kind of event, and the relay that sees to it."""

import os
import sys

from shared.clock import Clock, system_clock
from syncserver.analytics.checking import CountChecks
from syncserver.analytics.counting import count_readings
from syncserver.billing.metering import report_pages
from syncserver.corrections.service import CORRECTED
from syncserver.documents.figures import DOCUMENT_READ
from syncserver.events.relay import Effects, EffectsOfMany, Relay
from syncserver.events.relay_process import RelayProcess
from syncserver.kit.database import Database
from syncserver.kit.secret import ServerKeys
from syncserver.settings import Settings
from syncserver.templates import service as templates
from syncserver.usage.service import count_pages, name_template
from syncserver.webhooks.effects import Follow
from syncserver.webhooks.schemas import KINDS

TOLD = frozenset(KINDS)
"""Kinds of events that webhooks tell of, and nothing else follows from."""


def make_relay(database: Database, keys: ServerKeys, clock: Clock) -> Relay:
    """Delivers in a thread of this process."""
    return Relay(database, clock, effects(keys, clock), TOLD, effects_of_many(keys))


def make_relay_process(settings: Settings, database: Database) -> RelayProcess:
    """Delivers in another process: `chartdrop-server relay`, with the same settings."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "syncserver"]
    given = {"CHARTDROP_SERVER_DATA_DIR": str(settings.data_dir), "CHARTDROP_DATABASE_URL": settings.database_url or ""}
    return RelayProcess([*program, "relay"], os.environ | given, database, system_clock)


def effects(keys: ServerKeys, clock: Clock) -> Effects:
    """What follows from each kind of event that is no everyday one."""
    tell = Follow(keys, clock)
    return {
        templates.USED: (templates.count_use,),
        **dict.fromkeys(TOLD, (tell,)),
    }


def effects_of_many(keys: ServerKeys) -> EffectsOfMany:
    """What follows from the kinds of events that come with every document, by the hundred when a desktop comes home."""
    checks = CountChecks(keys)
    return {
        "pages.read": (count_pages, report_pages),
        DOCUMENT_READ: (name_template, count_readings, checks.of_documents),
        CORRECTED: (checks.of_corrections,),
    }
