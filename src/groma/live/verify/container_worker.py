"""Workers on Fargate: what their tasks are, what they run, how many, where, and who may reach them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.container_worker import ContainerWorker
from groma.components.work_queue import call_of
from groma.live.verify.container_service import RELEASED, Found
from groma.live.verify.findings import compare, judge, listed
from groma.live.verify.reading import Reading
from groma.live.verify.vpc import designed_subnets, named_subnets


def container_worker(
    component: ContainerWorker, architecture: Architecture, reading: Reading
) -> Iterator[Finding]:
    """A line for each of these; of a service that is gone each is missing."""
    found, step = Found.read(component, reading), component.step
    made_of = f"{step.cpu_units} CPU units, {step.memory_mib} MiB, {step.arch}"
    queue = reading.output(f"{call_of(component.worker)}_url")
    lines = (
        ("task", "what each of the {0} has", made_of, found and found.made_of()),
        ("image", "image of the {0}", component.image, found and found.container.get("image")),
        ("command", "what the {0} run", shlex.join(component.command),
         found and shlex.join(found.container.get("command", ()))),
        ("queue", "which queue the {0} work off", queue or "the stack's own", found and _queue(found)),
        ("secrets", "variables of the {0} that hold secrets", listed(component.secrets, "none"),
         found and found.told()),
        ("releases", "how a release of the {0} comes in", RELEASED, found and found.released()),
        ("subnets", "subnets of the {0}", designed_subnets(component, architecture),
         found and named_subnets(reading, found.network.get("subnets", ()))),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", what.format(component.label), expected, actual or None)
    service = found.service if found else {}
    wanted, running = service.get("desiredCount", 0), service.get("runningCount", 0)
    yield judge(
        f"{component.id}.running",
        f"{component.label} run, as many as were planned",
        f"{component.tasks} of {component.tasks}",
        f"{running} of {wanted}" if found else None,
        running == wanted == component.tasks,
    )


def _queue(found: Found) -> str:
    """What the tasks are told of their queue."""
    told = {each["name"]: each["value"] for each in found.container.get("environment", ())}
    return str(told.get("QUEUE_URL", "none"))
