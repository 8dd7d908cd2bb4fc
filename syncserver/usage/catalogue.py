"""The price list: the one place that prices and quotas come from."""

from typing import Literal

from pydantic import BaseModel

TierId = Literal["starter", "professional", "enterprise"]


class Tier(BaseModel):
    """A tier. `amount` and `cost_per_page` are cents; `included_pages` a month."""

    id: TierId
    name: str
    amount: int
    currency: Literal["usd"] = "usd"
    interval: Literal["month"] = "month"
    included_pages: int
    cost_per_page: int
    features: list[str]


class Catalogue(BaseModel):
    """All tiers, the smallest first."""

    tiers: list[Tier]

    def tier(self, name: str) -> Tier | None:
        """The tier of this name; None for the trial, which is none of them."""
        return next((tier for tier in self.tiers if tier.id == name), None)


TRIAL_PAGES = 100
"""A month, of the free trial: the one quota that nothing is read beyond. Tiers charge for further pages instead."""
CATALOGUE = Catalogue(
    tiers=[
        Tier(
            id="starter",
            name="Starter",
            amount=200_000,
            included_pages=10_000,
            cost_per_page=20,
            features=["Offline reading on every desktop", "Encrypted sync", "Audit log", "E-mail support"],
        ),
        Tier(
            id="professional",
            name="Professional",
            amount=800_000,
            included_pages=50_000,
            cost_per_page=16,
            features=["Everything in Starter", "Templates of your own", "API", "Support on working days"],
        ),
        Tier(
            id="enterprise",
            name="Enterprise",
            amount=2_500_000,
            included_pages=200_000,
            cost_per_page=12,
            features=["Everything in Professional", "Your own server", "Support around the clock"],
        ),
    ]
)
