"""The command line. Only click is loaded here; each command loads what it needs when it runs."""

from desktop.cli.commands import run

__all__ = ["run"]
