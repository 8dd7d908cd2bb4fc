"""The parts of a bundle as a CycloneDX bill of materials."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from desktop.licences import Part

NAME = "sbom.cdx.json"
"""The bill's name in a bundle, at its root."""
_DEBIAN = " (Debian)"


def bill_of(product: str, version: str, parts: Iterable[Part], built_at: int) -> str:
    """CycloneDX 1.6 as JSON, the same for the same parts. `built_at` is in seconds since 1970 (SOURCE_DATE_EPOCH)."""
    components = [_component(part) for part in parts]
    subject = Component(name=product, version=version, type=ComponentType.APPLICATION, bom_ref=f"{product}@{version}")
    names = "\n".join(f"{one.name}@{one.version}" for one in components)
    bill = Bom(serial_number=uuid5(NAMESPACE_URL, f"{product}@{version}\n{names}"), components=components)
    bill.metadata.component = subject
    bill.metadata.timestamp = datetime.fromtimestamp(built_at, UTC)
    bill.register_dependency(subject, components)
    return JsonV1Dot6(bill).output_as_string(indent=1)


def _component(part: Part) -> Component:
    licence = LicenseFactory().make_from_string(part.licence, license_acknowledgement=LicenseAcknowledgement.DECLARED)
    name = part.name.removesuffix(_DEBIAN)
    return Component(
        name=name,
        version=part.version,
        type=ComponentType.LIBRARY,
        licenses=[licence],
        purl=_address(part, name),
        bom_ref=f"{part.name}@{part.version}",
    )


def _address(part: Part, name: str) -> PackageURL | None:
    """Where the part is known by this name; nothing for what is no package."""
    if part.name.endswith(_DEBIAN):
        return PackageURL("deb", "debian", name, part.version)
    is_package = " " not in name and name not in {"Inter", "Python"}
    return PackageURL("pypi", None, name.lower().replace("_", "-"), part.version) if is_package else None
