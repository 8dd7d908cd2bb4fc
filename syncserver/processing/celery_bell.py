"""Workers that Celery wakes over Redis. The message is a bell and nothing more: what there is to do is in the database.

So a message may be lost (the sweep rings again), come twice (the second finds nothing to claim) or come late.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import redis

from syncserver.kit.logging import fault_of, log
from syncserver.processing.errors import QueueUnusable
from syncserver.settings import Settings

READ_TASK = "chartdrop.read"
QUEUE = "chartdrop"
_CONNECT_S = 2  # a person waits for the answer behind it
_UNACKED_GRACE_S = 60


def make_celery(settings: Settings) -> Any:
    """The Celery application, the same for those who ring and those who hear.

    Acknowledged late, and again after a lost worker: measured, nothing else loses no message. One message at a time,
    so that none waits behind a long document. No ETA: such tasks sit in one worker's memory.
    """
    from celery import Celery

    app = Celery("chartdrop", broker=settings.broker_url, set_as_current=False)
    app.conf.update(
        task_default_queue=QUEUE,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_acks_on_failure_or_timeout=True,  # a failed attempt stands in the database
        worker_prefetch_multiplier=1,
        task_serializer="json",
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": settings.hard_limit_s + _UNACKED_GRACE_S,
            "unacked_restore_interval": 1,  # a killed worker's messages were otherwise looked for every 100 s
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": _CONNECT_S,
        },
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
    )
    return app


@dataclass(frozen=True)
class CeleryBell:
    """The port's adapter for workers in processes of their own."""

    settings: Settings

    def start(self) -> None:
        """As the port says: this process reads nothing."""

    def stop(self) -> None:
        """As the port says."""
        self._celery.close()

    def ring(self, job_ids: Sequence[UUID], *, again: bool = False) -> None:
        """As the port says."""
        try:
            self._redis.ping()  # says at once that Redis is away, where Celery's own connection tries for 6 s
            waiting = self._waiting() if again else 0
            for job_id in job_ids[: max(0, len(job_ids) - waiting)]:
                self._celery.send_task(READ_TASK, [str(job_id)], retry=False)
        except Exception as error:  # the broker's client raises whatever its libraries do; the job is safe
            log.warning("bell_not_rung", jobs=len(job_ids), **fault_of(error))

    def check(self) -> None:
        """As the port says."""
        try:
            self._redis.ping()
        except redis.RedisError as error:
            raise QueueUnusable("Redis does not answer: no worker is told of new jobs.") from error

    def _waiting(self) -> int:
        """How many messages no worker has taken yet."""
        return int(self._redis.llen(QUEUE))

    @cached_property
    def _celery(self) -> Any:
        return make_celery(self.settings)

    @cached_property
    def _redis(self) -> redis.Redis:
        return redis.Redis.from_url(
            str(self.settings.broker_url), socket_connect_timeout=_CONNECT_S, socket_timeout=_CONNECT_S
        )
