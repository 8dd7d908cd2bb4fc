"""`/health`: whether the server can do its work right now, tried rather than supposed."""

from collections.abc import Callable, Mapping
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from syncserver.kit.logging import fault_of, log

Check = Callable[[], None]
"""Raises when what it tries does not work."""

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """`ok` when every check is."""

    status: Literal["ok", "failing"]
    checks: dict[str, Literal["ok", "failing"]]


@router.get("/health", responses={503: {"model": Health, "description": "At least one check fails."}})
def health(request: Request, response: Response) -> Health:
    """Tries the database, the storage and the queue. Open to everybody; why one fails stands in the log."""
    checks: Mapping[str, Check] = request.app.state.checks
    results = {name: outcome_of(name, check) for name, check in checks.items()}
    is_ok = all(result == "ok" for result in results.values())
    response.status_code = 200 if is_ok else 503
    return Health(status="ok" if is_ok else "failing", checks=results)


def outcome_of(name: str, check: Check) -> Literal["ok", "failing"]:
    """What came of the check; why it fails stands in the log."""
    try:
        check()
    except Exception as error:  # whatever it is, it means that the part does not work
        log.error("check_failed", check=name, **fault_of(error))
        return "failing"
    return "ok"
