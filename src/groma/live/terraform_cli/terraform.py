"""Terraform, or OpenTofu, in one stack's directory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groma.live.terraform_cli import commands
from groma.live.terraform_cli.commands import Command, Options
from groma.live.terraform_cli.events import (
    ChangeSummary,
    Diagnostic,
    Event,
    PlannedChange,
    ResourceDrift,
    parse_diagnostic,
)
from groma.live.terraform_cli.failure import diagnosed, failure_of, failure_of_short
from groma.live.terraform_cli.follow import OnEvent, follow
from groma.live.terraform_cli.journal import Doubt, doubt
from groma.live.terraform_cli.process import Completed, Runner, SubprocessRunner
from groma.live.terraform_cli.run import RunResult, live_run, start_run
from groma.live.terraform_cli.state import known_state, read_state, repair_state
from groma.live.toolchain import Engine, child_environment
from groma.terraform.effects import Effect

_SHORT_TIMEOUT_S = 180.0
_LOCK_FILE = ".terraform.lock.hcl"
_FORESEEN, _PUSHED = "foreseen.tfplan", "pushed.tfstate"
_NO_CHANGE = frozenset({"noop", "read"})


@dataclass(frozen=True)
class PlanSummary:
    """What an apply would do.

    Attributes:
        has_changes: whether anything would change, outputs included.
        added: resources to make; one that is replaced counts here and in `removed`.
        changed: resources to alter in place.
        removed: resources to delete.
        changes: each resource that would change, with the action.
        drift: each resource that was changed behind Terraform's back.
        warnings: what Terraform warned of.
        effects: what of it is interrupted, replaced or lost, where the plan was looked through for that.
        log: its log.
    """

    has_changes: bool
    added: int
    changed: int
    removed: int
    changes: tuple[PlannedChange, ...]
    drift: tuple[ResourceDrift, ...]
    warnings: tuple[Diagnostic, ...]
    effects: tuple[Effect, ...] = ()
    log: Path = Path()

    @property
    def finds_all_as_it_is(self) -> bool:
        """Whether an apply would do nothing: neither in the cloud nor in the state."""
        return not self.has_changes and not self.drift

    @property
    def touches_what_stands(self) -> bool:
        """Whether anything that stands would be altered, replaced or deleted."""
        return any(change.action != "create" for change in self.changes)

    @property
    def interrupts(self) -> tuple[Effect, ...]:
        """What users or data notice of it."""
        return tuple(effect for effect in self.effects if effect.interrupts)

    def lines(self) -> tuple[str, ...]:
        """What it interrupts, the worst first; what would change, in numbers; what else is replaced, gone."""
        told = {effect.element for effect in self.effects}
        lost = [change for change in self.changes if change.action in ("replace", "delete")]
        return (
            *(f"  {effect.kind}: {effect.element}, {effect.what}" for effect in self.effects),
            f"{self.added} to make, {self.changed} to change, {self.removed} to delete",
            *(f"  {change.action}: {change.address}" for change in lost if change.address not in told),
        )


@dataclass(frozen=True)
class ApplySummary:
    """What an apply or destroy has done: resources made, altered, deleted; its warnings and its log."""

    added: int
    changed: int
    removed: int
    warnings: tuple[Diagnostic, ...]
    log: Path


@dataclass(frozen=True)
class Recovery:
    """What an earlier command had left behind.

    Attributes:
        earlier: the Terraform that was still at work and has now been followed to its end.
        notes: what was mended in the state, in words.
        doubt: what may stand in the cloud and be missing from the state.
    """

    earlier: RunResult | None
    notes: tuple[str, ...]
    doubt: Doubt = field(default_factory=Doubt)


class Terraform:
    """Runs Terraform in one directory. Every method raises `TerraformError` when Terraform fails.

    Args:
        engine: the program.
        directory: the stack's directory; it holds the root module, the state and `logs/`.
        environment: variables to add to this process's: credentials, endpoints.
        options: what holds for every run.
        runner: runs the commands; the operating system when left out.
        remote: reads the object that holds the state, where it lies in a bucket; None when it cannot.
    """

    def __init__(
        self,
        engine: Engine,
        directory: Path,
        environment: Mapping[str, str] | None = None,
        *,
        options: Options | None = None,
        runner: Runner | None = None,
        remote: Callable[[], bytes | None] = lambda: None,
    ) -> None:
        self.engine = engine
        self.directory = directory.resolve()
        self.options = options or Options()
        self._environment = child_environment(extra=environment)
        self._runner = runner or SubprocessRunner()
        self._remote = remote

    def command(self, arguments: tuple[str, ...]) -> Command:
        """Return the command line for these arguments, without running it."""
        return Command((str(self.engine.path), *arguments), self.directory, self._environment)

    def recover(self, on_event: OnEvent = lambda _: None, *, stop: bool = False, losses: int = 0) -> Recovery:
        """Bring what an earlier, killed command left behind to an end; call this before anything else.

        A Terraform that is still at work is followed until it has ended, then the state is mended.

        Args:
            on_event: told what that Terraform says, from its first line.
            stop: ask it to stop instead of waiting until it is done, as before a destroy.
            losses: how often the cloud has lost what it had been told.

        Raises:
            TerraformInterrupted: Ctrl-C stopped it, and `stop` had not been asked for.
            TerraformError: the state waits to be stored in its bucket.
        """
        run = live_run(self.directory)
        earlier = follow(run, on_event, stop=stop) if run else None
        if earlier and earlier.interrupted and not stop:
            raise failure_of(earlier, self.directory)
        repair, found = repair_state(self.directory), doubt(self.directory, losses)
        if repair.is_lossy:
            found = found.and_all("the state was lost or is not the last one")
        return Recovery(earlier, repair.notes, found)

    def init(
        self, on_event: OnEvent = lambda _: None, *, upgrade: bool = False, reconfigure: bool = False
    ) -> None:
        """Install the modules and providers that the configuration names.

        Args:
            on_event: told each event.
            upgrade: look for newer versions that the configuration allows.
            reconfigure: take the backend as it is configured now, and move no state from an earlier one.
        """
        self._long("init", commands.init(upgrade=upgrade, reconfigure=reconfigure), on_event)
        with suppress(FileNotFoundError):  # Terraform writes it for everybody, whatever the mask
            (self.directory / _LOCK_FILE).chmod(0o600)

    def plan(
        self,
        on_event: OnEvent = lambda _: None,
        *,
        save_as: Path | None = None,
        destroy: bool = False,
        refresh_only: bool = False,
        replace: Sequence[str] = (),
    ) -> PlanSummary:
        """Compare configuration, state and cloud, and change none of them.

        Args:
            on_event: told each event.
            save_as: where to save the plan for `apply`; relative to the stack's directory.
            destroy: plan to delete everything.
            refresh_only: look only for what was changed behind Terraform's back.
            replace: addresses of what is to be made anew.
        """
        arguments = commands.plan(
            self.options, save_as=save_as, destroy=destroy, refresh_only=refresh_only, replace=replace
        )
        result = self._long("plan", arguments, on_event)
        totals = _last_summary(result.events)
        changes = (event for event in result.events if isinstance(event, PlannedChange))
        return PlanSummary(
            has_changes=result.exit_code == 2,
            added=totals.added,
            changed=totals.changed,
            removed=totals.removed,
            changes=tuple(change for change in changes if change.action not in _NO_CHANGE),
            drift=tuple(event for event in result.events if isinstance(event, ResourceDrift)),
            warnings=result.warnings,
            log=result.log,
        )

    def shown(self, plan_file: Path) -> Mapping[str, Any]:
        """Return a saved plan with all values that are known, in version 1 of Terraform's own format."""
        return self._json(self._short(commands.show(plan_file)), commands.show(plan_file))

    def foresee(self, *, refresh: bool = False) -> Mapping[str, Any]:
        """Return a plan with all values that are known, in version 1 of Terraform's own format.

        Args:
            refresh: ask the cloud first what became of what the state holds.
        """
        file = Path(_FORESEEN)
        try:
            self._long("plan", commands.plan(self.options, save_as=file, refresh=refresh), lambda _: None)
            return self.shown(file)
        finally:
            (self.directory / file).unlink(missing_ok=True)

    def push(self, state: Mapping[str, Any]) -> None:
        """Put a state in the place of the one that is kept; its serial has to be the later one."""
        file = self.directory / _PUSHED
        try:
            file.touch(0o600)
            file.write_text(json.dumps(state, indent=2), encoding="utf-8")
            self._short(commands.state_push(file))
        finally:
            file.unlink(missing_ok=True)

    def apply(
        self,
        on_event: OnEvent = lambda _: None,
        *,
        plan_file: Path | None = None,
        only: Sequence[str] = (),
        replace: Sequence[str] = (),
    ) -> ApplySummary:
        """Make the cloud what the configuration says, or what a saved plan says.

        Args:
            on_event: told each event.
            plan_file: a saved plan to carry out.
            only: addresses to which the change is limited, with what they depend on.
            replace: addresses of what is to be made anew; of a saved plan they are part.
        """
        arguments = commands.apply(self.options, plan_file=plan_file, only=only, replace=replace)
        return self._change("apply", arguments, on_event)

    def destroy(self, on_event: OnEvent = lambda _: None) -> ApplySummary:
        """Delete every resource in the state."""
        return self._change("destroy", commands.destroy(self.options), on_event)

    def validate(self) -> tuple[Diagnostic, ...]:
        """Check the configuration without looking at the cloud; return the warnings."""
        done = self._short(commands.validate(), allowed=(0, 1))
        found = [parse_diagnostic(each) for each in self._json(done, commands.validate())["diagnostics"]]
        if errors := [each for each in found if each.is_error]:
            raise diagnosed(errors)
        return tuple(found)

    def output(self) -> dict[str, object]:
        """Return the value of each output of the root, sensitive ones included."""
        state = self._known()
        outputs = state["outputs"] if state else self._json(self._short(commands.output()), commands.output())
        return {name: output["value"] for name, output in outputs.items()}

    def state(self) -> Mapping[str, Any]:
        """Return the state in version 4 of Terraform's own format; empty when there is none."""
        if state := self._known():
            return state
        done = self._short(commands.state_pull())
        return self._json(done, commands.state_pull()) if done.stdout.strip() else {}

    def _known(self) -> Mapping[str, Any] | None:
        """The state, read where it lies without Terraform; None where only Terraform can tell."""
        return read_state(self.directory) or known_state(self._remote() or b"")

    def state_list(self) -> list[str]:
        """Return the addresses of all resources in the state; none when there is no state yet."""
        done = self._short(commands.state_list(), allowed=(0, 1))
        if done.exit_code == 0:
            return done.stdout.split("\n")[:-1]
        if "No state file was found" in done.stderr:
            return []
        raise self._failure(commands.state_list(), done)

    def fmt_check(self) -> list[str]:
        """Return the files in this directory and below that are not in canonical form."""
        return self._short(commands.fmt_check(), allowed=(0, 3)).stdout.split("\n")[:-1]

    def _change(self, operation: str, arguments: tuple[str, ...], on_event: OnEvent) -> ApplySummary:
        result = self._long(operation, arguments, on_event)
        totals = _last_summary(result.events)
        return ApplySummary(totals.added, totals.changed, totals.removed, result.warnings, result.log)

    def _long(self, operation: str, arguments: tuple[str, ...], on_event: OnEvent) -> RunResult:
        result = follow(start_run(self._runner, self.command(arguments), operation), on_event)
        if result.interrupted or not result.succeeded:
            raise failure_of(result, self.directory)
        return result

    def _short(self, arguments: tuple[str, ...], *, allowed: tuple[int, ...] = (0,)) -> Completed:
        done = self._runner.run(self.command(arguments), _SHORT_TIMEOUT_S)
        if done.exit_code not in allowed:
            raise self._failure(arguments, done)
        return done

    def _json(self, done: Completed, arguments: tuple[str, ...]) -> dict[str, Any]:
        try:
            value = json.loads(done.stdout)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise self._failure(arguments, done)
        return value

    def _failure(self, arguments: tuple[str, ...], done: Completed) -> Exception:
        said = done.stderr or done.stdout
        return failure_of_short(self.command(arguments).shown, done.exit_code, said, self.directory)


def _last_summary(events: tuple[Event, ...]) -> ChangeSummary:
    """Return the totals of a run; all zero where nothing was to do and Terraform gave none."""
    summaries = [event for event in events if isinstance(event, ChangeSummary)]
    return summaries[-1] if summaries else ChangeSummary(0.0, "", 0, 0, 0)
