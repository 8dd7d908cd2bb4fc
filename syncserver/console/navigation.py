"""The pages there are, as they are listed beside every one of them."""

from dataclasses import dataclass

from syncserver.identity.access import Access


@dataclass(frozen=True, slots=True)
class Link:
    """A page; some are for owners and admins alone."""

    path: str
    label: str
    icon: str
    is_administrators: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Pages under one heading."""

    title: str
    links: tuple[Link, ...]
    is_operators: bool = False


ACCOUNT = Link("/console/account", "Your account", "user-circle")
"""One's own, whatever one's role; it stands beside one's name."""
_SECTIONS = (
    Section(
        "Documents",
        (
            Link("/console", "Overview", "layout-dashboard"),
            Link("/console/analytics", "Analytics", "chart-line"),
            Link("/console/usage", "Usage and cost", "gauge"),
            Link("/console/templates", "Templates", "template"),
        ),
    ),
    Section(
        "Organization",
        (
            Link("/console/devices", "Devices", "device-desktop"),
            Link("/console/people", "People", "users", is_administrators=True),
            Link("/console/policy", "Policy", "shield-lock"),
            Link("/console/billing", "Billing", "credit-card", is_administrators=True),
        ),
    ),
    Section(
        "Integration",
        (
            Link("/console/keys", "API keys", "key"),
            Link("/console/webhooks", "Webhooks", "webhook", is_administrators=True),
            Link("/console/audit", "Audit log", "list-details", is_administrators=True),
        ),
    ),
    Section(
        "Operator",
        (
            Link("/console/operation", "System", "server-2"),
            Link("/console/operation/organizations", "Organizations", "building"),
        ),
        is_operators=True,
    ),
)


def sections_for(access: Access) -> list[Section]:
    """The pages that this person may open."""
    sections = [section for section in _SECTIONS if access.is_superuser or not section.is_operators]
    is_administrator = access.is_administrator
    return [
        Section(one.title, tuple(link for link in one.links if is_administrator or not link.is_administrators))
        for one in sections
    ]


def place_of(path: str) -> str:
    """The path of the page in the list that `path` belongs to."""
    known = [*(link.path for section in _SECTIONS for link in section.links), ACCOUNT.path]
    above = [one for one in known if path == one or (one != known[0] and path.startswith(f"{one}/"))]
    return max(above, key=len, default="")
