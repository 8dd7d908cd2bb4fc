"""Whatever somebody does to a chain, both verifiers find it, and at the same entry: ours, and the one we ship."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.audit import AuditChain, Receipt, SignedEntry, countersign, entry_from_json, entry_to_json, verify_chain
from shared.audit import verify_export as standalone
from shared.audit.verify_export import Known
from shared.crypto.signing import new_signing_key, verifying_key

DEVICE = "0190a3c0-0000-7000-8000-000000000001"
KEY, SERVER = (bytes([n]) * 32 for n in (7, 9))
KNOWN = Known(device_key=verifying_key(KEY).hex(), server_key=verifying_key(SERVER).hex())
LENGTH = 6  # with the export, which is the last
SIGNED = 4  # the server's receipt
THOUSANDS = settings(
    max_examples=2000, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
ANEW = settings(THOUSANDS, max_examples=150)  # every signature is new, and computed as RFC 8032 has it
ACTORS = ("device", "person:1", "person:2")


def write(count: int, key: bytes = KEY, receipt: Receipt | None = None, salt: str = "") -> list[str]:
    """A chain of `count` acts and its export."""
    pen = AuditChain(DEVICE, key, lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    written: list[SignedEntry] = []
    for number in range(count):
        last = written[-1] if written else None
        actor = ACTORS[number % len(ACTORS)]
        details: dict[str, str | int | bool] = {
            "pages": number,
            "template": "hospice_admission",
            "urgent": number % 2 == 0,
        }
        written.append(pen.next_entry(last, actor, "document.seen", f"document {number}{salt}", details))
    proof: dict[str, str | int | bool] = {"public_key": verifying_key(key).hex()}
    if receipt:
        proof |= {"server_key": receipt.server_key}
        proof |= {f"receipt_{name}": getattr(receipt, name) for name in ("sequence", "digest", "at", "signature")}
    written.append(pen.next_entry(written[-1] if written else None, "person:1", "audit.exported", DEVICE, proof))
    return [entry_to_json(signed) for signed in written]


def receipt_of(lines: list[str], length: int = SIGNED) -> Receipt:
    digest = json.loads(lines[length - 1])["digest"]
    return countersign(SERVER, DEVICE, (length, digest), "2026-01-02T03:04:05.000000Z")


RECEIPT = receipt_of(write(LENGTH - 1))
CHAIN = write(LENGTH - 1, receipt=RECEIPT)


@dataclass(frozen=True)
class Found:
    """At which entry each verifier stopped; None where it saw nothing wrong."""

    ours: int | None
    shipped: int | None

    @property
    def by_both(self) -> bool:
        return self.ours is not None and self.shipped is not None


def look(lines: list[str], known: Known = KNOWN) -> Found:
    """`lines` as both verifiers see them, against what the server and the store hold."""
    shipped = standalone.verify_export(lines, known).fault
    return Found(ours(lines), shipped[0] if shipped else None)


def ours(lines: list[str]) -> int | None:
    head = (LENGTH, json.loads(CHAIN[-1])["digest"])
    entries = []
    for position, line in enumerate(lines, start=1):
        try:
            entries.append(entry_from_json(line))
        except (ValueError, TypeError):
            broken = verify_chain(entries, DEVICE, verifying_key(KEY))
            return broken.position if broken else position
    fault = verify_chain(entries, DEVICE, verifying_key(KEY), [RECEIPT.head, head])
    return fault.position if fault else None


@pytest.fixture(autouse=True, scope="module")
def each_signature_is_computed_once() -> Iterator[None]:
    """RFC 8032 in Python takes milliseconds; the entries that nobody touched are the same in every try."""
    computed = standalone.is_signed
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standalone, "is_signed", lru_cache(4096)(computed))
        yield


def test_an_untouched_chain_holds_for_both() -> None:
    assert look(CHAIN) == Found(None, None)


def edited(line: str, member: str, value: object) -> str:
    members = json.loads(line)
    assert members[member] != value
    return json.dumps(members | {member: value}, ensure_ascii=False, separators=(",", ":"))


anything = st.one_of(
    st.text(max_size=8), st.integers(-3, 2**60), st.booleans(), st.none(), st.floats(), st.lists(st.integers())
)
MEMBERS = tuple(json.loads(CHAIN[0]))


@THOUSANDS
@given(st.integers(0, LENGTH - 1), st.sampled_from(MEMBERS), anything)
def test_a_member_that_was_edited(place: int, member: str, value: object) -> None:
    if json.loads(CHAIN[place])[member] == value:
        return
    lines = [*CHAIN[:place], edited(CHAIN[place], member, value), *CHAIN[place + 1 :]]

    found = look(lines)

    assert found.by_both
    assert found.ours == place + 1


@THOUSANDS
@given(st.integers(0, LENGTH - 1), st.data())
def test_a_character_that_was_changed_added_or_taken_away(place: int, data: st.DataObject) -> None:
    line = CHAIN[place]
    where = data.draw(st.integers(0, len(line) - 1))
    instead = data.draw(st.text(alphabet=st.sampled_from('09afAF{}[],:"\\ \té\x00x'), max_size=2))
    changed = line[:where] + instead + line[where + data.draw(st.integers(0, 1)) :]
    if changed == line:
        return

    found = look([*CHAIN[:place], changed, *CHAIN[place + 1 :]])

    assert found.by_both
    assert found.ours == place + 1


@THOUSANDS
@given(st.integers(0, LENGTH), st.integers(0, LENGTH - 1), st.booleans())
def test_an_entry_that_was_put_in(place: int, source: int, is_foreign: bool) -> None:
    foreign = write(LENGTH - 1, salt="?") if is_foreign else CHAIN
    lines = [*CHAIN[:place], foreign[source], *CHAIN[place:]]

    assert look(lines).by_both


@THOUSANDS
@given(st.permutations(range(LENGTH)).filter(lambda order: order != list(range(LENGTH))))
def test_entries_in_another_order(order: list[int]) -> None:
    assert look([CHAIN[place] for place in order]).by_both


@THOUSANDS
@given(st.sets(st.integers(0, LENGTH - 1), min_size=1))
def test_entries_that_were_removed(removed: set[int]) -> None:
    assert look([line for place, line in enumerate(CHAIN) if place not in removed]).by_both


@THOUSANDS
@given(st.integers(0, LENGTH - 1))
def test_a_tail_that_was_cut_off(kept: int) -> None:
    assert look(CHAIN[:kept]).by_both


@ANEW
@given(st.integers(1, 9), st.text(max_size=6), st.booleans())
def test_a_chain_written_anew_with_the_devices_own_key(count: int, salt: str, keeps_receipt: bool) -> None:
    """Whoever has the store open has its key, too: only what the server signed shows that this is another chain."""
    assert look(write(count, receipt=RECEIPT if keeps_receipt else None, salt=salt + "!")).by_both


@ANEW
@given(st.integers(0, SIGNED - 1), st.binary(min_size=32, max_size=32))
def test_a_chain_written_anew_with_another_key_or_another_servers_receipt(length: int, seed: bytes) -> None:
    if seed in (KEY, SERVER):
        return
    other = write(LENGTH - 1, key=seed, receipt=RECEIPT)
    mine = write(LENGTH - 1, salt="!")
    forged = countersign(seed, DEVICE, (length + 1, json.loads(mine[length])["digest"]), "2026-01-02T03:04:05.000000Z")

    assert look(other).by_both
    assert look(write(LENGTH - 1, receipt=forged, salt="!")).by_both


@pytest.mark.parametrize("member", ["chain", "sequence", "digest", "at", "server_key", "signature"])
def test_a_receipt_holds_for_what_was_signed_alone(member: str) -> None:
    members = asdict(RECEIPT)
    members[member] = members[member] + 1 if member == "sequence" else members[member][::-1]

    assert RECEIPT.is_genuine()
    assert not Receipt(**members).is_genuine()


def test_without_what_is_known_from_elsewhere_the_file_vouches_for_itself_alone() -> None:
    stranger = new_signing_key()
    lines = write(3, key=stranger)

    alone = standalone.verify_export(lines)

    assert alone.fault is None
    assert (alone.device_key, alone.countersigned) == (verifying_key(stranger).hex(), None)
    assert standalone.verify_export(lines, Known(device_key=KNOWN.device_key)).fault is not None
    assert standalone.verify_export(CHAIN, Known(head=(2, "0" * 64))).fault == (
        2,
        "the entry is not the one that is known from elsewhere",
    )
    assert standalone.verify_export(CHAIN, Known(head=(2, json.loads(CHAIN[1])["digest"]))).fault is None


@pytest.mark.parametrize("place", range(LENGTH))
def test_a_quick_look_finds_what_was_edited(place: int) -> None:
    lines = [*CHAIN[:place], edited(CHAIN[place], "subject", "somebody else"), *CHAIN[place + 1 :]]

    fault = standalone.verify_export(lines, KNOWN, quick=True).fault

    assert fault is not None
    assert fault[0] == place + 1
