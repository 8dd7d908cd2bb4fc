from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.ids import new_id


def test_the_vector_of_rfc_9562_appendix_a6() -> None:
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    randomness = (0xCC3 << 62) | 0x18C4DC0C0C07398F

    made = new_id(lambda: moment, lambda _: randomness)

    assert str(made) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(1, 10_000))
def test_ids_sort_by_the_time_they_were_made(moment: datetime, milliseconds: int) -> None:
    earlier = moment.replace(tzinfo=UTC)
    later = earlier + timedelta(milliseconds=milliseconds)

    assert new_id(lambda: earlier) < new_id(lambda: later)


def test_a_clock_before_1970_makes_ids_all_the_same() -> None:
    made = new_id(lambda: datetime(1951, 3, 1, tzinfo=UTC))

    assert (made.version, made.int >> 80) == (7, 0)
