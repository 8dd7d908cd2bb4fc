"""`python -m tests.simulation`: random schedules of the simulated clinic, as many as one has time for."""

import argparse
import os
import sys

from tests.simulation.many import run_many


def main() -> int:
    """0 where every schedule ended well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=10_000, help="how many (10000)")
    parser.add_argument("--first", type=int, default=10_000, help="the first one's seed (10000)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many at once")
    given = parser.parse_args()
    seeds = range(given.first, given.first + given.schedules)
    failures = run_many(seeds, given.processes, lambda line: print(line, flush=True))
    for one in failures:
        print(f"failed: seed {one.seed}, after {one.steps} acts", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
