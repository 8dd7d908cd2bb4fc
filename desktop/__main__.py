"""`chartdrop` and `python -m desktop`."""

import sys


def main() -> None:
    """The window, or a command; the process ends with the exit code of the contract."""
    from desktop.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
