"""The one door to the operating system's keyring. Whatever goes wrong behind it means: there is none."""

import base64
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "chartdrop"
# Backends that keep secrets behind the user's login. Others (keyrings.alt: plain files) are no keyring to us.
_TRUSTED = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)


def remember(store_id: str, key: bytes) -> bool:
    """Whether the keyring now holds `key` for `store_id` (read back, not just promised)."""
    try:
        backend = _backend()
        if backend is None:
            return False
        backend.set_password(_SERVICE, store_id, base64.b64encode(key).decode())
        return _recall_from(backend, store_id) == key
    except Exception:  # each backend raises kinds of its own: InitError, KeyringLocked, D-Bus errors
        return False  # not logged: a store that stays locked must not be touched, its log neither


def recall(store_id: str) -> bytes | None:
    """The key of `store_id`; None when the keyring is locked, absent or does not hold it."""
    try:
        backend = _backend()
        return _recall_from(backend, store_id) if backend else None
    except Exception:  # as above
        return None


def forget(store_id: str) -> None:
    """The keyring does not hold the key any more, or cannot be reached: the store has another by now."""
    with suppress(Exception):  # as above
        backend = _backend()
        if backend is not None:
            backend.delete_password(_SERVICE, store_id)


def _recall_from(backend: "KeyringBackend", store_id: str) -> bytes | None:
    text = backend.get_password(_SERVICE, store_id)
    return base64.b64decode(text) if text else None


def _backend() -> "KeyringBackend | None":
    import keyring

    chosen = keyring.get_keyring()
    candidates: Iterable[KeyringBackend] = getattr(chosen, "backends", None) or [chosen]
    return next((one for one in candidates if type(one).__module__.startswith(_TRUSTED)), None)
