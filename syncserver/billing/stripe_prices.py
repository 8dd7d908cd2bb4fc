"""The price list at Stripe: products, prices and the meter, made where they are missing.

Each is found again by a name that holds what it costs: a price that changed in the catalogue is another one.
"""

from dataclasses import dataclass

from stripe import StripeClient
from stripe.params import PriceCreateParams, PriceCreateParamsRecurring

from syncserver.usage.catalogue import Tier

METER = "chartdrop_pages"
"""The meter's event name."""
TIER = "chartdrop_tier"
"""In a price's metadata: which tier it belongs to."""


@dataclass(frozen=True, slots=True)
class TierPrices:
    """What a subscription to a tier is made of: its price, and that of pages, of which the first are included."""

    base: str
    pages: str


def tier_prices(client: StripeClient, tier: Tier) -> TierPrices:
    """The prices of `tier`, by their ids."""
    base_key = f"chartdrop_{tier.id}_{tier.amount}"
    pages_key = f"chartdrop_{tier.id}_pages_{tier.included_pages}_{tier.cost_per_page}"
    held = client.v1.prices.list({"lookup_keys": [base_key, pages_key], "active": True})
    known = {price.lookup_key: price.id for price in held.data}
    return TierPrices(
        known.get(base_key) or _made(client, tier, base_key, _base(tier)),
        known.get(pages_key) or _made(client, tier, pages_key, _pages(tier, meter_id(client))),
    )


def meter_id(client: StripeClient) -> str:
    """The meter that sums pages."""
    for meter in client.v1.billing.meters.list({"status": "active", "limit": 100}).data:
        if meter.event_name == METER:
            return meter.id
    made = client.v1.billing.meters.create(
        {
            "display_name": "Chartdrop pages",
            "event_name": METER,
            "default_aggregation": {"formula": "sum"},
            "customer_mapping": {"type": "by_id", "event_payload_key": "stripe_customer_id"},
            "value_settings": {"event_payload_key": "value"},
        },
        {"idempotency_key": f"meter:{METER}"},
    )
    return made.id


def _made(client: StripeClient, tier: Tier, key: str, terms: PriceCreateParams) -> str:
    terms |= {
        "currency": tier.currency,
        "lookup_key": key,
        "metadata": {TIER: tier.id},
        "product_data": {"name": f"Chartdrop {tier.name}"},
    }
    return client.v1.prices.create(terms, {"idempotency_key": f"price:{key}"}).id


def _base(tier: Tier) -> PriceCreateParams:
    return {"currency": tier.currency, "unit_amount": tier.amount, "recurring": {"interval": tier.interval}}


def _pages(tier: Tier, meter: str) -> PriceCreateParams:
    recurring: PriceCreateParamsRecurring = {"interval": tier.interval, "usage_type": "metered", "meter": meter}
    return {
        "currency": tier.currency,
        "recurring": recurring,
        "billing_scheme": "tiered",
        "tiers_mode": "graduated",
        "tiers": [
            {"up_to": tier.included_pages, "unit_amount": 0},
            {"up_to": "inf", "unit_amount": tier.cost_per_page},
        ],
    }
