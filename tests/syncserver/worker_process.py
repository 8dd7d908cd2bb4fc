"""`chartdrop-server worker` and `serve` with the scripted reader, as processes of their own that can be killed.

Run by hand it is such a process: everything but the reader is the product's.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from syncserver.app import Parts, create_app
from syncserver.kit.database import open_database
from syncserver.kit.logging import configure_logging
from syncserver.kit.secret import load_keys
from syncserver.kit.serving import serve_app
from syncserver.settings import Settings
from syncserver.worker import run_worker
from tests.syncserver.scripted import ScriptedReader

_ROOT = Path(__file__).parents[2]


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
        with (place / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.syncserver.worker_process"],
                cwd=_ROOT,
                env=environment(settings) | {"PYTHONPATH": str(_ROOT)},
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Told to end, it did; its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=30)

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None


class ServerProcess(httpx.Client):
    """A client of a running server that is killed at the end, as a power cut would."""

    def __init__(self, settings: Settings, place: Path) -> None:
        with (place / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.syncserver.worker_process", "serve"],
                cwd=_ROOT,
                env=environment(settings) | {"PYTHONPATH": str(_ROOT)},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout
        super().__init__(base_url=self._process.stdout.readline().strip(), timeout=30)

    def close(self) -> None:
        """It is killed."""
        super().close()
        self._process.kill()
        self._process.wait()

    def __exit__(self, *_: object) -> None:
        self.close()


def main() -> None:
    """Serves, or reads jobs, by script until told to end."""
    settings = Settings()
    configure_logging("INFO")
    keys = load_keys(settings)
    database = open_database(settings, keys)
    if "serve" in sys.argv:
        parts = Parts(settings, keys, database, make_reader=ScriptedReader)
        serve_app(create_app(parts), "127.0.0.1", 0, announce=lambda url: print(url, flush=True))
    else:
        run_worker(settings, keys, database, ScriptedReader)


if __name__ == "__main__":
    main()
