"""Numbers for the operator."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from syncserver.kit.paging import PageOf
from syncserver.operation import repository
from syncserver.operation.schemas import ServerStats, TopUser


def stats(session: Session) -> ServerStats:
    """The whole server in numbers."""
    return repository.stats(session)


def top_users(session: Session, now: datetime, days: int, limit: int) -> PageOf[TopUser]:
    """The owners of the organizations with the most pages in the last `days`; one page alone."""
    return PageOf(items=repository.top_users(session, (now - timedelta(days=days)).date(), limit), next_cursor=None)
