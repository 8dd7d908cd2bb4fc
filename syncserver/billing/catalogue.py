"""The price list: the one place that prices come from."""

from typing import Literal

from pydantic import BaseModel


class Tier(BaseModel):
    """A tier. `amount` and `cost_per_page` are cents; `included_pages` a month."""

    id: Literal["starter", "professional", "enterprise"]
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
