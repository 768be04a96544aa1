"""The command line: one thin command per step, named as the functions are."""

from groma.cli.commands import main

__all__ = ["main"]
