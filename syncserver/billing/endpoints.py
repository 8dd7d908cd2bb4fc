"""`/api/v1/pricing`."""

from fastapi import APIRouter

from syncserver.usage.catalogue import CATALOGUE, Catalogue

router = APIRouter(prefix="/api/v1", tags=["billing"])


@router.get("/pricing")
def pricing() -> Catalogue:
    """The price list; amounts in cents. Open to everybody."""
    return CATALOGUE
