from desktop.journey.sync.retry import back_off


def longest(failures: int, retry_after: float = 0.0) -> float:
    return back_off(failures, retry_after, lambda _, high: high)


def test_waits_double_up_to_five_minutes() -> None:
    waits = [longest(failures) for failures in range(1, 2000)]

    assert waits[:4] == [2.0, 4.0, 8.0, 16.0]
    assert waits[-1] == 300.0


def test_a_wait_is_chance_alone() -> None:
    assert back_off(3, uniform=lambda low, _: low) == 0.0
    assert 0.0 <= back_off(3) <= 8.0


def test_nobody_comes_back_sooner_than_the_server_asked_nor_all_at_once_nor_never() -> None:
    assert back_off(1, 120.0, lambda low, _: low) == 120.0
    assert longest(1, 120.0) == 122.0
    assert longest(1, 86_400.0) == 3602.0
