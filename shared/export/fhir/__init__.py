"""FHIR R4: a document as a Bundle of type document. `bundle.py` says in which order it is written.

No code is made up: a coding stands only where its code was read from the page (ICD-10-CM, CPT, HCPCS, NPI, MBI);
everything else is text.
"""

from shared.export.fhir.bundle import fhir_bundle

__all__ = ["fhir_bundle"]
