"""The command line. Only click is loaded here; each command loads what it needs when it runs."""

from desktop.cli.commands import chartdrop, run

__all__ = ["chartdrop", "run"]
