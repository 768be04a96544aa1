"""Drives Terraform or OpenTofu as a program: typed events, runs that outlive Groma, errors that tell why."""

from groma.live.terraform_cli.commands import Command, Options
from groma.live.terraform_cli.events import (
    ApplyComplete,
    ApplyErrored,
    ApplyProgress,
    ApplyStart,
    ChangeSummary,
    Diagnostic,
    Event,
    Message,
    Outputs,
    PlannedChange,
    RawLine,
    RefreshComplete,
    RefreshStart,
    ResourceDrift,
    Stopping,
    Tick,
    Version,
    parse_line,
)
from groma.live.terraform_cli.failure import TerraformFailed, TerraformInterrupted
from groma.live.terraform_cli.follow import OnEvent
from groma.live.terraform_cli.journal import Doubt, doubt, note_settled
from groma.live.terraform_cli.process import Completed, Process, Runner, SubprocessRunner
from groma.live.terraform_cli.run import Run, RunResult, live_run
from groma.live.terraform_cli.terraform import ApplySummary, PlanSummary, Recovery, Terraform

__all__ = [
    "ApplyComplete",
    "ApplyErrored",
    "ApplyProgress",
    "ApplyStart",
    "ApplySummary",
    "ChangeSummary",
    "Command",
    "Completed",
    "Diagnostic",
    "Doubt",
    "Event",
    "Message",
    "OnEvent",
    "Options",
    "Outputs",
    "PlanSummary",
    "PlannedChange",
    "Process",
    "RawLine",
    "Recovery",
    "RefreshComplete",
    "RefreshStart",
    "ResourceDrift",
    "Run",
    "RunResult",
    "Runner",
    "Stopping",
    "SubprocessRunner",
    "Terraform",
    "TerraformFailed",
    "TerraformInterrupted",
    "Tick",
    "Version",
    "doubt",
    "live_run",
    "note_settled",
    "parse_line",
]
