"""`chartdrop-server`."""

from syncserver.cli import run


def main() -> None:
    """Runs the command line and exits with its code."""
    run()


if __name__ == "__main__":
    main()
