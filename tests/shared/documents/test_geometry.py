from hypothesis import given
from hypothesis import strategies as st

from shared.documents import Box, bounds, box_polygon, union

coordinates = st.integers(-5000, 5000).map(float)
boxes = st.builds(
    lambda left, top, width, height: Box(left, top, left + width, top + height),
    coordinates, coordinates, st.integers(1, 5000), st.integers(1, 5000),
)  # fmt: skip


@given(boxes)
def test_a_box_is_the_bounds_of_its_corners(box: Box) -> None:
    assert bounds(box_polygon(box)) == box


@given(st.lists(boxes, min_size=1))
def test_a_union_holds_every_box_and_nothing_more(several: list[Box]) -> None:
    whole = union(several)

    assert whole.left == min(box.left for box in several)
    assert whole.bottom == max(box.bottom for box in several)
    assert all(whole.left <= box.left and box.right <= whole.right for box in several)
