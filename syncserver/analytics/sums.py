"""What is added to the days' counts, put together before it is written: each day's row is rewritten once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from syncserver.analytics import repository
from syncserver.analytics.days import quarter_of
from syncserver.analytics.repository import Place
from syncserver.analytics.rollup import Addition


@dataclass(slots=True)
class DaySums:
    """So much more (or less) of some counters, in the quarters of some days."""

    _days: dict[Place, dict[int, Counter[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )

    def add(self, moment: datetime, additions: Iterable[Addition]) -> None:
        """The additions are of `moment`."""
        quarter = quarter_of(moment)
        for addition in additions:
            counts = self._days[addition.kind, quarter.day, addition.name][quarter.place]
            for counter, amount in addition.amounts.items():
                counts[counter] += amount

    def write(self, session: Session, organization_id: UUID) -> None:
        """They stand in the database; what adds up to nothing touches none of its rows."""
        for place in sorted(self._days):  # one order of locks for all
            quarters = {quarter: counts for quarter, counts in self._days[place].items() if any(counts.values())}
            if quarters:
                repository.add_to_day(session, organization_id, place, quarters)
