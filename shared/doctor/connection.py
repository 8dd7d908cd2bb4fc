"""What a connection says of itself: how long its certificate lasts, and how far two clocks are apart."""

from collections.abc import Iterable
from datetime import datetime

from cryptography import x509

from shared.doctor.finding import Finding

_SOON_DAYS = 21
_APART_S, _FAR_APART_S = 60, 300  # codes of authenticator apps tolerate 30 s, tokens live 10 min


def certificate(pem_or_der: bytes, now: datetime, renewal: str) -> Iterable[Finding]:
    """How long the certificate is still good for. `renewal` is what to do about it."""
    is_pem = pem_or_der.lstrip().startswith(b"-----")
    load = x509.load_pem_x509_certificate if is_pem else x509.load_der_x509_certificate
    ends = load(pem_or_der).not_valid_after_utc
    days = (ends - now).days
    if ends <= now:
        yield Finding("certificate", "fault", f"It expired on {ends:%Y-%m-%d}.", renewal)
    elif days < _SOON_DAYS:
        yield Finding("certificate", "warning", f"It expires on {ends:%Y-%m-%d}, in {days} days.", renewal)
    else:
        yield Finding("certificate", "well", f"It is good until {ends:%Y-%m-%d}.")


def clocks(here: datetime, there: datetime, whose: str) -> Iterable[Finding]:
    """Whether this machine's clock and `whose` agree."""
    apart = (here - there).total_seconds()
    words = f"It is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} that of {whose}."
    remedy = "Have both machines set their clocks by the network (NTP)."
    if abs(apart) > _FAR_APART_S:
        yield Finding("clock", "fault", words, remedy)
    elif abs(apart) > _APART_S:
        yield Finding("clock", "warning", words, remedy)
    else:
        yield Finding("clock", "well", f"It agrees with that of {whose}.")
