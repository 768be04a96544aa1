"""What is run at times on Fargate: when, which task, of what, where; and where it is told that one failed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.failed_runs import FailedRuns
from groma.components.timed_task import TimedTask
from groma.live.verify.container_service import made_of, secrets_of
from groma.live.verify.findings import compare, listed
from groma.live.verify.messaging import at_rest, attributes, keeps
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.vpc import designed_subnets, named_subnets

SET_ASIDE = "and what cannot be started is set aside"


def timed_task(component: TimedTask, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """A line for each of these; of a schedule that is gone each is missing."""
    found, step = _schedule(component, reading), component.step
    target = (found or {}).get("Target") or {}
    run = target.get("EcsParameters") or {}
    made = _definition(run.get("TaskDefinitionArn"), reading)
    network = (run.get("NetworkConfiguration") or {}).get("awsvpcConfiguration") or {}
    container = _application(made)
    started = f"{architecture.name}-{component.beside}-run-{component.run} in {architecture.name}, FARGATE"
    lines = (
        ("schedule", "when the {0} is started", f"ENABLED, {component.times.aws}, {SET_ASIDE}",
         found and _when(found, target)),
        ("started", "what is started as the {0}", started, found and _started(target, run)),
        ("task", "what the {0} has", f"{step.cpu_units} CPU units, {step.memory_mib} MiB, {step.arch}",
         made and made_of(made)),
        ("image", "image of the {0}", component.image, made and container.get("image")),
        ("command", "what the {0} runs", shlex.join(component.command),
         made and shlex.join(container.get("command", ()))),
        ("secrets", "variables of the {0} that hold secrets", listed(component.secrets, "none"),
         made and secrets_of(container)),
        ("subnets", "subnets of the {0}",
         designed_subnets(architecture.component(component.beside), architecture),
         found and named_subnets(reading, network.get("Subnets", ()))),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", what.format(component.label), expected, actual or None)


def _schedule(component: TimedTask, reading: Reading) -> Answer | None:
    name = reading.output(f"schedule_{component.run.replace('-', '_')}_name")
    return reading.ask("scheduler", "get_schedule", Name=name, GroupName=name) if name else None


def _definition(arn: str | None, reading: Reading) -> Answer | None:
    answer = reading.ask("ecs", "describe_task_definition", taskDefinition=arn) if arn else None
    return (answer or {}).get("taskDefinition")


def _application(made: Answer | None) -> Answer:
    """The container that runs the command, rather than one before it."""
    every = (made or {}).get("containerDefinitions", ())
    return next((each for each in every if each.get("name") == "application"), {})


def _when(found: Answer, target: Answer) -> str:
    kept = (target.get("DeadLetterConfig") or {}).get("Arn")
    return f"{found['State']}, {found['ScheduleExpression']}{f', {SET_ASIDE}' if kept else ''}"


def _started(target: Answer, run: Answer) -> str:
    """`shop-app-run-nightly in shop, FARGATE`; the revision is Terraform's to know."""
    family = str(run.get("TaskDefinitionArn", "")).rpartition("/")[2].partition(":")[0]
    return f"{family} in {str(target['Arn']).rpartition('/')[2]}, {run.get('LaunchType', 'no launch type')}"


def failed_runs(component: FailedRuns, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """How long it keeps a message, and of which tasks it is told that they failed."""
    found = attributes(reading.output("failed_runs_url"), reading)
    yield keeps(component, found, "SQS's own key", at_rest(found) if found else "")
    name = reading.output("failed_runs_rule_name")
    rule = reading.ask("events", "describe_rule", Name=name) if name else None
    rows = reading.all("events", "list_targets_by_rule", "Targets", Rule=name) if rule else ()
    families = (f"family:{architecture.name}-app-run-{run}" for run in component.runs)
    yield compare(
        f"{component.id}.told",
        f"{component.label}: told of tasks that stop with an error",
        f"ENABLED, {listed(sorted(families))} to {architecture.name}-{component.id}",
        _told(rule, rows) if rule else None,
    )


def _told(rule: Answer, rows: tuple[Answer, ...]) -> str:
    groups = json.loads(rule["EventPattern"])["detail"]["group"]
    to = listed(sorted(str(row["Arn"]).rpartition(":")[2] for row in rows), "nobody")
    return f"{rule['State']}, {listed(sorted(groups))} to {to}"
