"""`chartdrop-server worker` and `serve` with the scripted reader, as processes of their own that can be killed.

Everything but the reader is the product's.
"""

import os
from itertools import count
from pathlib import Path

import httpx

from syncserver.app import Parts, create_app
from syncserver.kit.database import Database, open_database
from syncserver.kit.logging import configure_logging
from syncserver.kit.secret import ServerKeys, load_keys
from syncserver.kit.serving import serve_app
from syncserver.settings import Settings
from syncserver.worker import run_worker
from tests.forking import end, first_line, fork
from tests.syncserver.scripted import ScriptedReader

_numbers = count(1)


def environment(settings: Settings) -> dict[str, str]:
    """The settings as another process reads them."""
    assert settings.secret_key
    given = {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SERVER_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "STORAGE_URL": settings.storage_url,
        "BROKER_URL": settings.broker_url,
        "WEBHOOK_ALLOWED_NETWORKS": ",".join(map(str, settings.webhook_allowed_networks)),
        "WEBHOOK_RETRIES_S": ",".join(map(str, settings.webhook_retries_s)),
        "STRIPE_API_BASE": settings.stripe_api_base,
    }
    for name in ("stripe_api_key", "stripe_webhook_secret"):
        if secret := getattr(settings, name):
            given[name.upper()] = secret.get_secret_value()
    numbers = ("workers", "lease_s", "sweep_s", "backoff_s", "soft_limit_s", "hard_limit_s")
    given |= {name.upper(): str(getattr(settings, name)) for name in numbers}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHARTDROP_")}
    return kept | {f"CHARTDROP_{name}": value for name, value in given.items() if value}


class WorkerProcess:
    """A running worker; its log goes to `place`."""

    def __init__(self, settings: Settings, place: Path) -> None:
        log = place / "worker.log"
        self._process = fork(work, env=environment(settings), out=log, err=log)

    def kill(self) -> None:
        """As a power cut would."""
        end(self._process)

    def stop(self) -> int | None:
        """Told to end, it did; its exit code."""
        self._process.terminate()
        self._process.join(30)
        return self._process.exitcode

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.is_alive()


class ServerProcess(httpx.Client):
    """A client of a running server that is killed at the end, as a power cut would."""

    def __init__(self, settings: Settings, place: Path) -> None:
        address = place / f"address-{next(_numbers)}"
        self._process = fork(serve, env=environment(settings), out=address, err=place / "server.log")
        super().__init__(base_url=first_line(self._process, address), timeout=30)

    def close(self) -> None:
        """It is killed."""
        super().close()
        end(self._process)

    def __exit__(self, *_: object) -> None:
        self.close()


def serve() -> None:
    """Serves until told to end; the scripted reader reads."""
    settings, keys, database = _opened()
    parts = Parts(settings, keys, database, make_reader=ScriptedReader)
    serve_app(create_app(parts), "127.0.0.1", 0, announce=lambda url: print(url, flush=True))


def work() -> None:
    """Reads jobs by script until told to end."""
    run_worker(*_opened(), ScriptedReader)


def _opened() -> tuple[Settings, ServerKeys, Database]:
    settings = Settings()
    configure_logging("INFO")
    keys = load_keys(settings)
    return settings, keys, open_database(settings, keys)
