"""Terraform's command lines as values, apart from running them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """One run of a program: what, where and with which environment."""

    argv: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str] = field(repr=False)

    @property
    def shown(self) -> str:
        """The command as a person would type it."""
        return " ".join((Path(self.argv[0]).name, *self.argv[1:]))


@dataclass(frozen=True)
class Options:
    """What holds for every run in a stack.

    Attributes:
        lock_timeout_s: how long to wait for another Terraform that holds the state.
        parallelism: how many resources to work on at once; None leaves it to Terraform (10).
    """

    lock_timeout_s: int = 120
    parallelism: int | None = None


def init(*, upgrade: bool = False, reconfigure: bool = False) -> tuple[str, ...]:
    """Install modules and providers; with `reconfigure`, take the backend as it is configured now."""
    more = (("-upgrade",) if upgrade else ()) + (("-reconfigure",) if reconfigure else ())
    return ("init", "-json", "-input=false", "-no-color", *more)


def validate() -> tuple[str, ...]:
    """Check the configuration without looking at the cloud."""
    return ("validate", "-json", "-no-color")


def plan(
    options: Options,
    *,
    save_as: Path | None = None,
    destroy: bool = False,
    refresh_only: bool = False,
    replace: Sequence[str] = (),
    refresh: bool = True,
) -> tuple[str, ...]:
    """Compare configuration, state and cloud; exit code 2 says that something would change."""
    return (
        "plan",
        "-detailed-exitcode",
        *_common(options),
        *(("-destroy",) if destroy else ()),
        *(("-refresh-only",) if refresh_only else ()),
        *(() if refresh else ("-refresh=false",)),
        *(f"-replace={address}" for address in replace),
        *((f"-out={save_as}",) if save_as else ()),
    )


def apply(
    options: Options,
    *,
    plan_file: Path | None = None,
    only: Sequence[str] = (),
    replace: Sequence[str] = (),
) -> tuple[str, ...]:
    """Make the cloud what the configuration, or a saved plan, says; `only` some addresses when given, and
    those to `replace` anew.
    """
    targets = (*(f"-replace={address}" for address in replace), *(f"-target={address}" for address in only))
    return ("apply", "-auto-approve", *_common(options), *targets, *((str(plan_file),) if plan_file else ()))


def destroy(options: Options) -> tuple[str, ...]:
    """Delete every resource in the state."""
    return ("destroy", "-auto-approve", *_common(options))


def output() -> tuple[str, ...]:
    """Print the root's outputs."""
    return ("output", "-json", "-no-color")


def state_pull() -> tuple[str, ...]:
    """Print the state as Terraform keeps it, wherever that is; nothing when there is none."""
    return ("state", "pull")


def state_push(file: Path) -> tuple[str, ...]:
    """Put a state in the place of the one that Terraform keeps, wherever that is."""
    return ("state", "push", str(file))


def show(plan_file: Path) -> tuple[str, ...]:
    """Print a saved plan with all values that are known."""
    return ("show", "-json", "-no-color", str(plan_file))


def state_list() -> tuple[str, ...]:
    """Print the addresses in the state."""
    return ("state", "list")


def fmt_check() -> tuple[str, ...]:
    """Print the files that are not in canonical form; exit code 3 says that there are some."""
    return ("fmt", "-check", "-recursive", "-list=true", "-no-color")


def _common(options: Options) -> tuple[str, ...]:
    width = () if options.parallelism is None else (f"-parallelism={options.parallelism}",)
    return ("-json", "-input=false", "-no-color", f"-lock-timeout={options.lock_timeout_s}s", *width)
