"""What a month costs, by the price list: arithmetic alone, in cents."""

from datetime import datetime

from syncserver.analytics.schemas import ByTier, Cost, TierCost
from syncserver.usage.catalogue import CATALOGUE, Tier
from syncserver.usage.schemas import Usage


def cost(tier_name: str, usage: Usage, calls: int, now: datetime) -> Cost:
    """The month of `usage`, of which `now` is a moment, on the tier of that name: a trial costs nothing."""
    tier = CATALOGUE.tier(tier_name)
    projected_pages = _projected(usage, now)
    base, total = (tier.amount, price(tier, usage.pages)) if tier else (0, 0)
    return Cost(
        period_start=usage.period_start,
        period_end=usage.period_end,
        currency=CATALOGUE.tiers[0].currency,
        tier=tier_name,
        calls=calls,
        documents=usage.documents,
        pages=usage.pages,
        base=base,
        extra=total - base,
        total=total,
        per_call=_each(total, calls),
        per_document=_each(total, usage.documents),
        per_page=_each(total, usage.pages),
        projected_pages=projected_pages,
        projected_total=price(tier, projected_pages) if tier else 0,
        by_tier=ByTier(
            **{
                one.id: TierCost(total=price(one, usage.pages), projected_total=price(one, projected_pages))
                for one in CATALOGUE.tiers
            }
        ),
    )


def price(tier: Tier, pages: int) -> int:
    """A month's price on the tier with so many pages."""
    return tier.amount + max(pages - tier.included_pages, 0) * tier.cost_per_page


def _projected(usage: Usage, now: datetime) -> int:
    """The pages at the month's end, at the pace so far."""
    whole, gone = usage.period_end - usage.period_start, now - usage.period_start
    return round(usage.pages * (whole / gone)) if gone.total_seconds() > 0 else usage.pages


def _each(total: int, number: int) -> float | None:
    return round(total / number, 4) if number else None
