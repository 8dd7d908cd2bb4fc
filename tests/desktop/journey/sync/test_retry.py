from desktop.journey.sync.retry import back_off


def test_waits_double_up_to_five_minutes() -> None:
    longest = [back_off(failures, lambda _, high: high) for failures in range(1, 12)]

    assert longest[:4] == [2.0, 4.0, 8.0, 16.0]
    assert longest[-1] == 300.0


def test_half_of_a_wait_is_chance() -> None:
    assert back_off(3, lambda low, _: low) == 4.0
    assert 4.0 <= back_off(3) <= 8.0
