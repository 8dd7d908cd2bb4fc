"""What `chartdrop-server doctor` looks at: the machine, the settings, and everything that they name, tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import redis
from sqlalchemy import text

from shared.clock import Clock, system_clock
from shared.doctor import Check, Finding
from shared.doctor.connection import certificate, clocks
from shared.doctor.machine import disk, memory, processor
from shared.doctor.reading import reading
from syncserver.billing.stripe_gateway import open_gateway
from syncserver.kit.database import EMBEDDED_FILE, Database, open_database
from syncserver.kit.secret import ServerKeys, has_secret, load_keys
from syncserver.kit.serving import Certificate, tls_context
from syncserver.kit.storage import open_storage
from syncserver.migrations.run import is_current
from syncserver.processing.celery_bell import CeleryBell
from syncserver.processing.readers import reading_process
from syncserver.settings import Settings
from syncserver.tenants import service as tenants

_REDIS_S = 3


@dataclass(frozen=True, slots=True)
class Doctor:
    """Looks at the server that the settings describe. Makes no database and no secret where there is none."""

    settings: Settings
    clock: Clock = system_clock

    def checks(self) -> list[tuple[str, Check]]:
        """Each with its name."""
        named: list[tuple[str, Check, object]] = [
            ("processor", processor, True),
            ("memory", memory, True),
            ("disk", partial(disk, self.settings.data_dir), True),
            ("settings", self._settings, True),
            ("database", self._database, True),
            ("storage", self._storage, True),
            ("broker", self._broker, self.settings.broker_url),
            ("reading", partial(reading, reading_process(self.settings)), self.settings.workers),
            ("stripe", self._stripe, self.settings.stripe_api_key),
            ("certificate", self._certificate, self.settings.tls_cert),
        ]
        return [(name, check) for name, check, is_wanted in named if is_wanted]

    def _settings(self) -> Iterable[Finding]:
        if self.settings.environment == "production":
            yield Finding("settings", "well", "The settings hold, for production.")
            return
        remedy = "Set CHARTDROP_ENVIRONMENT=production where patients' records are, and CHARTDROP_SECRET_KEY with it."
        yield Finding("settings", "warning", "The settings hold, but for development.", remedy)

    def _database(self) -> Iterable[Finding]:
        embedded = self.settings.data_dir / EMBEDDED_FILE
        if self.settings.embedded and not (embedded.exists() and has_secret(self.settings)):
            if embedded.exists():
                remedy = f"Put that server's secret.key into {self.settings.data_dir}."
                yield Finding("database", "fault", f"{embedded} is there, but the secret that opens it is not.", remedy)
            else:
                yield Finding(
                    "database", "well", f"There is no database in {self.settings.data_dir} yet; serving makes it."
                )
            return
        keys = load_keys(self.settings)
        database = open_database(self.settings, keys)
        try:
            yield from self._state(database, keys)
        finally:
            database.close()

    def _state(self, database: Database, keys: ServerKeys) -> Iterable[Finding]:
        if not is_current(database):
            remedy = "Run `chartdrop-server migrate`, after a backup."
            yield Finding("database", "fault", "It is not of this version.", remedy)
            return
        database.check_roles()
        with database.reading() as session:
            tenants.check_master_key(session, keys)
        yield from _integrity(database) if database.is_sqlite else self._its_clock(database)

    def _its_clock(self, database: Database) -> Iterable[Finding]:
        with database.engine.connect() as connection:
            there = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        yield Finding("database", "well", "It answers, is of this version, and opens with this secret.")
        yield from clocks(self.clock(), there, "the database")

    def _storage(self) -> Iterable[Finding]:
        open_storage(self.settings).check()
        yield Finding("storage", "well", "It answers, and objects can be stored.")

    def _broker(self) -> Iterable[Finding]:
        CeleryBell(self.settings).check()
        yield Finding("broker", "well", "It answers.")
        with redis.Redis.from_url(str(self.settings.broker_url), socket_timeout=_REDIS_S) as broker:
            seconds, micros = broker.time()
        yield from clocks(self.clock(), datetime.fromtimestamp(seconds + micros / 1e6, UTC), "the broker")

    def _stripe(self) -> Iterable[Finding]:
        if gateway := open_gateway(self.settings):
            gateway.check()
        if self.settings.stripe_webhook_secret:
            yield Finding("stripe", "well", "It takes our key.")
            return
        remedy = "Set CHARTDROP_STRIPE_WEBHOOK_SECRET: without it, what is paid there is not heard of here."
        yield Finding("stripe", "fault", "It takes our key, but its events cannot be told from others.", remedy)

    def _certificate(self) -> Iterable[Finding]:
        cert, key = Path(str(self.settings.tls_cert)), Path(str(self.settings.tls_key))
        tls_context(Certificate(cert, key))
        renewal = "Renew it: `chartdrop-server tls init` where it is of a private authority."
        yield from certificate(cert.read_bytes(), self.clock(), renewal)


def _integrity(database: Database) -> Iterable[Finding]:
    with database.engine.connect() as connection:
        damaged = len(connection.execute(text("PRAGMA cipher_integrity_check")).fetchall())
    if damaged:
        remedy = "Keep a copy of the whole data directory, and restore a backup elsewhere (`chartdrop-server restore`)."
        yield Finding("database", "fault", f"{damaged} pages of it are not what was written.", remedy)
    else:
        yield Finding("database", "well", "It opens with this secret, is of this version, and every page is whole.")
