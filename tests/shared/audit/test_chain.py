"""The audit chain: whatever is done to it afterwards shows."""

from dataclasses import asdict, replace
from datetime import UTC, datetime

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared.audit import AuditChain, AuditEntry, SignedEntry, entry_from_json, entry_to_json, verify_chain
from shared.audit.entry import digest_of
from shared.crypto.signing import new_signing_key, verifying_key

DEVICE = "0190a3c0-0000-7000-8000-000000000001"
KEY = new_signing_key()
PUBLIC = verifying_key(KEY)


def written(count: int, key: bytes = KEY) -> list[SignedEntry]:
    chain = AuditChain(DEVICE, key, lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    entries: list[SignedEntry] = []
    for number in range(count):
        last = entries[-1] if entries else None
        entries.append(chain.next_entry(last, "device", "document.read", f"document {number}", {"pages": number}))
    return entries


def head_of(entries: list[SignedEntry]) -> tuple[int, str]:
    return len(entries), entries[-1].digest


def test_an_untouched_chain_verifies() -> None:
    entries = written(5)

    assert verify_chain(entries, DEVICE, PUBLIC, [head_of(entries)]) is None
    assert verify_chain([], DEVICE, PUBLIC) is None


def test_an_entry_survives_its_json() -> None:
    for signed in written(3):
        assert entry_from_json(entry_to_json(signed)) == signed


_DETAILS = st.dictionaries(st.text(), st.text() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1))


@given(st.text(), _DETAILS)
def test_whatever_an_entry_says_its_bytes_are_those_of_rfc_8785(
    said: str, details: dict[str, str | int | bool]
) -> None:
    entry = replace(written(1)[0].entry, actor=said, subject=said, details=details)

    assert entry.canonical() == rfc8785.dumps(asdict(entry))


@given(st.integers(0, 4), st.sampled_from(["actor", "action", "subject", "at", "chain", "previous"]))
def test_an_edited_entry_is_named(position: int, member: str) -> None:
    entries = written(5)
    edited = AuditEntry(**{**asdict(entries[position].entry), member: "something else"})
    entries[position] = replace(entries[position], entry=edited)

    fault = verify_chain(entries, DEVICE, PUBLIC)

    assert fault is not None
    assert fault.position == position + 1


@given(st.integers(0, 4))
def test_an_edited_entry_with_its_digest_put_right_is_still_named(position: int) -> None:
    entries = written(5)
    edited = replace(entries[position].entry, actor="somebody else")
    entries[position] = replace(entries[position], entry=edited, digest=digest_of(edited.canonical()))

    fault = verify_chain(entries, DEVICE, PUBLIC)

    assert fault is not None
    assert fault.position == position + 1
    assert "signature" in fault.reason


@given(st.permutations(range(5)).filter(lambda order: order != list(range(5))))
def test_entries_in_another_order_are_found_out(order: list[int]) -> None:
    entries = written(5)

    assert verify_chain([entries[place] for place in order], DEVICE, PUBLIC) is not None


@given(st.integers(0, 3))
def test_a_removed_entry_is_found_out(position: int) -> None:
    entries = written(5)
    del entries[position]

    fault = verify_chain(entries, DEVICE, PUBLIC)

    assert fault is not None
    assert fault.position == position + 1


@given(st.integers(0, 4))
def test_a_cut_tail_shows_against_a_head_held_elsewhere(kept: int) -> None:
    entries = written(5)

    fault = verify_chain(entries[:kept], DEVICE, PUBLIC, [head_of(entries)])

    assert fault is not None
    assert fault.position == kept + 1


def test_a_chain_rewritten_with_another_key_is_found_out() -> None:
    assert verify_chain(written(3, new_signing_key()), DEVICE, PUBLIC) is not None


def test_a_chain_rewritten_with_the_device_key_shows_against_a_head_held_elsewhere() -> None:
    entries = written(3)
    rewritten = written(4)[1:]

    fault = verify_chain(rewritten, DEVICE, PUBLIC, [head_of(entries)])

    assert fault is not None


def test_our_own_vector_never_changes() -> None:
    """A chain written today must verify with tomorrow's program."""
    key = bytes(range(32))
    chain = AuditChain(DEVICE, key, lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    first = chain.next_entry(None, "José", "document.read", "doc", {"pages": 2, "template": "hospice_admission"})

    assert first.digest == "eadb7f586b46e95c71b48ec6d5a84d4fdb0ed392d980af00c4f0a75c5ab4286f"
    assert first.signature.startswith("aef228ed3f5d2d87b06841cdccb1f6f0")
