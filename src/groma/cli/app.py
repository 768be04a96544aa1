"""All commands, in the order in which `groma --help` lists them, and what becomes of errors.

Exit codes: 0 done, 1 the answer is no, 2 wrong use or bad input, 3 something outside failed.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from groma.cli.alarms import alarms
from groma.cli.changes import diff, guide
from groma.cli.drills import drill
from groma.cli.environments import with_environment
from groma.cli.looking import env, logs, metrics, open_, status
from groma.cli.mail import mail
from groma.cli.outputs import build, draw
from groma.cli.permissions import permissions
from groma.cli.planning import init, plan
from groma.cli.prices import prices
from groma.cli.profiles import profiles
from groma.cli.provisioning import adopt, doctor, down, up, verify
from groma.cli.publishing import publish, setup
from groma.cli.questions import growth
from groma.cli.simulation import simulate
from groma.cli.streams import hush, speak, told, unusable
from groma.errors import GromaError
from groma.words import harmless

COMMANDS: tuple[Callable[..., None], ...] = (
    *(init, profiles, plan, diff, growth, guide, simulate, alarms, drill),
    *(draw, build),
    *(doctor, permissions, up, verify, status, metrics, logs, mail, env, adopt, down),
    *(publish, setup),
)

GARBAGE = 200_000
"""Objects made before the youngest are looked through; with 700, as usual, a plan takes a sixth longer."""

app = typer.Typer(
    help="Turn a description of an application's load into AWS infrastructure.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in COMMANDS:
    app.command()(with_environment(command))
app.command("open")(with_environment(open_))
app.add_typer(prices, name="prices")


def _version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def everywhere(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """Turn a description of an application's load into AWS infrastructure."""


class Stopped(BaseException):
    """The process was asked to end by a signal other than Ctrl-C's; Terraform goes on to its own end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _told_when_ended() -> Iterator[None]:
    """Within it a signal that would end the process raises `Stopped`, unless it is to be ignored."""
    taken = [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, _: object) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise Stopped(number)


@app.command(hidden=True)
def version() -> None:
    """Print the version."""
    from groma import __version__

    typer.echo(__version__)


def main() -> None:
    """Run the command line; the one place where errors become exit codes.

    Products of small matrices are all that is asked of numpy: threads that wait for them only cost CPU. And
    nothing is asked of plugins of pydantic, for which it would look through every installed package. Designs
    are made of values that never hold themselves, so that garbage need seldom be looked for.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(GARBAGE)
    speak()
    try:
        with _told_when_ended():
            try:
                app()
            finally:
                sys.stdout.flush()
    except GromaError as error:
        typer.echo(harmless(f"error: {told(error)}"), err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        hush()
        sys.exit(141)
    except OSError as error:
        hush()
        typer.echo(harmless(f"error: {unusable(error)}"), err=True)
        sys.exit(3)
    except Exception as error:
        if not type(error).__module__.startswith("botocore."):
            raise
        typer.echo(f"error: AWS: {error}\n  hint: check credentials, permissions and region", err=True)
        sys.exit(3)
    except (KeyboardInterrupt, Stopped) as stop:
        ended_by = stop.number if isinstance(stop, Stopped) else signal.SIGINT
        typer.echo("stopped; the same command goes on from here", err=True)
        sys.exit(128 + ended_by)
