"""What counts at this device where several may have a say: its organization, its environment, its managers."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from desktop.settings import Settings
from desktop.vault import feed
from desktop.vault.schema import choices

Value = TypeVar("Value", int, bool, float)
Source = Literal["organization", "environment", "device", "default"]
"""Who laid it down; the first of them that did counts."""

RuleName = Literal["retention_years", "sync_metered"]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Value]):
    """What counts, and who laid it down."""

    value: Value
    source: Source

    @property
    def is_open(self) -> bool:
        """Whether a choice at this device would count."""
        return self.source in {"device", "default"}


@dataclass(frozen=True, slots=True)
class HouseRules:
    """`retention_years` after which documents are deleted, 0 for never; whether the network is `sync_metered`;
    `lock_minutes` without a touch after which whoever is signed in is so no more."""

    retention_years: Rule[int]
    sync_metered: Rule[bool]
    lock_minutes: Rule[float]


def house_rules(connection: Connection, settings: Settings) -> HouseRules:
    """What counts now."""
    chosen = {row.name: int(row.value) for row in connection.execute(select(choices))}
    policy, years, metered = feed.policy(connection), chosen.get("retention_years"), chosen.get("sync_metered")
    return HouseRules(
        _rule("retention_years", settings, policy.retention_years, years),
        _rule("sync_metered", settings, None, None if metered is None else bool(metered)),
        _rule("lock_minutes", settings, policy.lock_minutes, None),
    )


def choose(connection: Connection, name: RuleName, value: int | None) -> None:
    """At this device the rule called `name` is `value`; None: nobody chose."""
    connection.execute(delete(choices).where(choices.c.name == name))
    if value is not None:
        connection.execute(insert(choices).values(name=name, value=int(value)))


def _rule(name: str, settings: Settings, laid_down: Value | None, chosen: Value | None) -> Rule[Value]:
    set_to: Value = getattr(settings, name)
    if laid_down is not None:
        return Rule(laid_down, "organization")
    if name in settings.model_fields_set:
        return Rule(set_to, "environment")
    return Rule(set_to, "default") if chosen is None else Rule(chosen, "device")
