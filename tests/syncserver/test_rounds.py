"""Work in the background goes on after a fault, and ends when it is told to."""

import threading

from syncserver.kit.rounds import Rounds


def test_a_round_that_fails_is_followed_by_the_next() -> None:
    taken, enough = [0], threading.Event()

    def step() -> None:
        taken[0] += 1
        if taken[0] == 1:
            raise OSError("away")
        enough.set()

    rounds = Rounds("test", 0.01, step, fault="test_failed")
    rounds.start()
    assert enough.wait(5)
    rounds.stop()

    assert taken[0] >= 2
