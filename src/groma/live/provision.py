"""Provision a design with Terraform, verify it, take it away again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from groma.architecture import Architecture, Finding
from groma.design import Design
from groma.errors import CloudError
from groma.live.applying import Before, apply, put_back
from groma.live.beside import added, beside, with_added
from groma.live.bounded import bounded
from groma.live.databases import existing_database
from groma.live.delegation import Internet, zone_first
from groma.live.destroying import destroyed, lead_backend, leave, left_state
from groma.live.domain import existing_zone, make_guest_zone, refuse_placeholder, refuse_second_zone
from groma.live.earlier import Earlier
from groma.live.in_doubt import WHOLE, Settler
from groma.live.kept_providers import keep_providers, kinds_by_region
from groma.live.leftovers import WITHIN_S, Names, left_over, names_in
from groma.live.locks import keeping_the_cloud
from groma.live.networks import existing_network
from groma.live.outcome import Provisioned, TakenDown, address_of
from groma.live.patience import settled
from groma.live.promoted import refuse_promoted
from groma.live.remote_state import read, ready
from groma.live.reporting import Reporter
from groma.live.settling import Settled
from groma.live.stack import Stack
from groma.live.standing_before import make_guests
from groma.live.target import EmbeddedTarget, Target, provider_aliases
from groma.live.terraform_cli import (
    Doubt,
    Options,
    PlanSummary,
    Terraform,
    live_run,
)
from groma.live.toolchain import ensure_engine, ensure_provider
from groma.live.verify import Deployed, verify
from groma.report.documents import build
from groma.workload import Workload

_ROUNDS = 3
"""How often what is left after a destroy is taken over and destroyed."""
IMAGE = ".terraform_data.image"
"""The resource of the module `server-tier` that remembers an image."""
PARALLELISM: Mapping[str, int] = {"embedded": 32}
"""How many resources are worked on at once: in the embedded cloud they mostly wait for fixed times of the
provider; AWS, which limits how often it is asked, gets as many as Terraform itself chooses."""


def up(
    design: Design,
    stack: Stack,
    target: Target,
    report: Reporter | None = None,
    approve: Callable[[PlanSummary], None] | None = None,
    internet: Internet | None = None,
    *,
    new_image: bool = False,
    boundary: str = "",
) -> Provisioned:
    """Build the design, provision it and verify it. Safe to repeat, also after a kill.

    What was added to the stack beside Terraform and lets in or allows more than is designed is taken away.

    Args:
        design: what is to stand.
        stack: where it is kept on this machine.
        target: the cloud.
        report: how to tell what is being done.
        approve: is shown what Terraform would change, and raises an error to prevent it.
        internet: how DNS is asked whether the domain is delegated; the internet's own when left out.
        new_image: whether servers are rolled over to the newest image; else they keep the one they have.
        boundary: ARN of the permissions boundary that the stack's roles are to have; none when empty.

    Raises:
        TerraformError: Terraform failed; what it had made stays, and `up` or `down` goes on from there.
        ToolMissing, CloudError: Terraform, its provider or the cloud is not to be had.
        InputError: the stack stands elsewhere, its domain cannot be served there, or `approve` refused.
    """
    report = report or Reporter()
    started = time.monotonic()
    refuse_placeholder(design.workload, target.name)
    architecture, documents = design.architecture, build(design, native=target.name == "aws")
    with stack.held():
        earlier = Earlier.of(stack)
        ready = prepared(design, documents, stack, target, report, boundary)
        settler, terraform = ready.settler, ready.settler.terraform
        renewed = _images(terraform) if new_image else ()
        zone = partial(zone_first, design.workload, terraform, target, report, internet or Internet())
        extra = added(terraform.state(), target) if ready.stood else ()
        before = Before(extra, target, report, zone, partial(put_back, earlier, terraform))
        done = settler.applied(lambda: apply(terraform, stack, report, approve, before, renewed))
        settler.note()
        stack.keep(design.workload.text)
        target.settle()
        report.step("verifying what is deployed against the design")
        outputs = terraform.output()
        findings = _found(architecture, Deployed(outputs, target), target, report)
        findings = (*findings, beside(added(terraform.state(), target)))
    seconds = time.monotonic() - started
    address, removed = address_of(outputs, target, design.workload.domain), done.removed + len(extra)
    return Provisioned(findings, outputs, done.added, done.changed, removed, seconds, address)


@dataclass(frozen=True)
class Prepared:
    """A stack that can be changed.

    Attributes:
        settler: settles what will be in doubt.
        stood: whether anything of it stood before.
        settled: what was found with the root as it is prepared now.
    """

    settler: Settler
    stood: bool
    settled: Settled


def prepared(
    design: Design,
    documents: Mapping[str, bytes],
    stack: Stack,
    target: Target,
    report: Reporter,
    boundary: str = "",
    *,
    whole: bool = False,
) -> Prepared:
    """Open the cloud, settle what is in doubt, and prepare the root.

    With `whole` all of the stack is looked for in the cloud, whatever is in doubt.
    """
    with keeping_the_cloud(stack.home):
        report.step(f"opening the {target.name} cloud")
        target.open()
        terraform = _terraform(stack, target, report)
        settler, stood = Settler(terraform, stack, target, report.step), stack.exists
        doubt = _finish_earlier(terraform, report, target.losses())
        if doubt and stood:
            stack.must_be_in(target.account())
        doubt = settler.before_change(doubt)
        _look_for_zones(design.workload, stack, target, report, stood=stood or whole)
        _look_for_given(design.workload, target, report)
        if stood:
            refuse_promoted(design.architecture, target)
        _write(design, documents, stack, target, report, boundary)
    report.step("preparing Terraform and its modules")
    terraform.init(reconfigure=design.workload.state is not None)
    _keep_providers(settler)
    settled = settler.settle(WHOLE if whole else doubt) if doubt or whole else Settled()
    settler.note()
    return Prepared(settler, stood, settled)


def _write(
    design: Design,
    documents: Mapping[str, bytes],
    stack: Stack,
    target: Target,
    report: Reporter,
    boundary: str,
) -> None:
    """Write what is built into the stack's directory, fitted to the target."""
    state = design.workload.state
    if state is not None:
        report.step(f"finding the bucket {state.bucket} for the state")
        ready(state, target)
    architecture = design.architecture
    account, standby = target.account(), architecture.standby
    stack.remember(architecture.regions, architecture.blueprint, account, state, standby=standby)
    if stack.workload is None:
        stack.keep(design.workload.text)
    stack.write(documents, target.overrides(provider_aliases(_root(documents))))
    stack.bound(bounded(documents, boundary) if boundary else {})
    lead_backend(stack, target)


def _root(documents: Mapping[str, bytes]) -> list[str]:
    """The texts of the Terraform root among all documents."""
    return [
        text.decode() for path, text in documents.items() if path.count("/") == 1 and path.endswith(".tf")
    ]


def _found(
    architecture: Architecture, deployed: Deployed, target: Target, report: Reporter
) -> tuple[Finding, ...]:
    """What is deployed against the design; on AWS once the servers have had the time to begin."""
    if target.name == "aws":
        return settled(lambda: verify(architecture, deployed), report.step)
    return verify(architecture, deployed)


def _look_for_zones(
    workload: Workload, stack: Stack, target: Target, report: Reporter, *, stood: bool
) -> None:
    """Whether the zone that the file names exists, and that none exists where one is to be made."""
    if target.name == "embedded":
        root = target.as_root() if isinstance(target, EmbeddedTarget) else target
        if done := make_guest_zone(workload, root):
            report.step(done)
    elif existing_zone(workload, target) is None and not stood:
        refuse_second_zone(workload, target)


def _look_for_given(workload: Workload, target: Target, report: Reporter) -> None:
    """Whether what the file says exists is as it says; the embedded cloud is given it first."""
    make_guests(workload, target, report)
    existing_network(workload, target)
    existing_database(workload, target)


def _images(terraform: Terraform) -> tuple[str, ...]:
    """Where the state keeps which image the servers of a group run."""
    return tuple(address for address in terraform.state_list() if address.endswith(IMAGE))


def inspect(
    architecture: Architecture, stack: Stack, target: Target, report: Reporter | None = None
) -> tuple[Finding, ...]:
    """Verify what is deployed against an architecture, changing nothing in the cloud."""
    terraform = standing(stack, target, report)
    found = verify(architecture, Deployed(terraform.output(), target))
    return (*found, beside(added(terraform.state(), target)))


def drift(stack: Stack, target: Target) -> PlanSummary:
    """What `up` would change: nothing, when all is as it was provisioned and nothing stands beside it."""
    return drift_of(standing(stack, target), target)


def drift_of(terraform: Terraform, target: Target) -> PlanSummary:
    """The same, by the Terraform of a stack that stands."""
    return with_added(terraform.plan(), added(terraform.state(), target))


def down(
    stack: Stack, target: Target, report: Reporter | None = None, *, keep_cloud: bool = False
) -> TakenDown:
    """Destroy everything of a stack, and make sure that nothing is left.

    The embedded cloud is stopped with its last stack, unless `keep_cloud`.

    Raises:
        TerraformError: Terraform failed; `down` can be repeated.
        CloudError: Terraform is done, but something of the stack is still in the cloud.
        InputError: the stack stands in another account.
    """
    report = report or Reporter()
    started = time.monotonic()
    if not stack.exists:
        nothing = f"nothing of {stack.name} is provisioned on {stack.target} from {stack.home.resolve()}"
        return TakenDown(0, notes=(nothing, "if its files were lost, `groma adopt` finds it again"))
    report.step(f"opening the {target.name} cloud")
    target.open()
    stack.must_be_in(target.account())
    with stack.held():
        terraform = _terraform(stack, target, report)
        settler = Settler(terraform, stack, target, report.step)
        doubt = settler.before_change(_finish_earlier(terraform, report, target.losses(), stop=True))
        held = _keep_providers(settler)
        names, beside_it = names_in(held), kinds_by_region(held)
        removed = destroyed(terraform, stack, target, report)
        left = _left(stack, names, beside_it, target, report)
        for _ in range(_ROUNDS if left else 0):
            if not settler.settle(doubt.and_all(f"{len(left)} things of {stack.name} are left")).taken:
                break
            names |= names_in(terraform.state())
            removed += destroyed(terraform, stack, target, report)
            left = _left(stack, names, beside_it, target, report)
        if left:
            raise CloudError(
                f"{len(left)} things of {stack.name} are left: {', '.join(left)}",
                where=target.name,
                hint="repeat `groma down`; if they stay, delete them by hand",
            )
        state = stack.state()
        stack.forget()
    cloud_stopped = leave(target, stack, keep_cloud)
    return TakenDown(removed, left, time.monotonic() - started, state=left_state(state, cloud_stopped))


def _left(
    stack: Stack, names: Names, beside_it: Mapping[str, frozenset[str]], target: Target, report: Reporter
) -> tuple[str, ...]:
    within_s = WITHIN_S if target.name == "aws" else 0.0
    regions = stack.regions()
    return left_over(stack.name, names, regions, target, report.step, beside_it, within_s=within_s)


def _keep_providers(settler: Settler) -> Mapping[str, Any]:
    """Let the root have every provider that its state needs; that state."""
    state = settler.terraform.state()
    if keep_providers(settler.stack, state):
        settler.lead_here()
    return state


def standing(stack: Stack, target: Target, report: Reporter | None = None) -> Terraform:
    """Terraform for a stack that stands, with nothing in doubt.

    Raises:
        InputError: it does not stand, or its files are gone.
        OutsideError: another groma is changing it.
    """
    report = report or Reporter()
    if stack.exists:
        target.open()
    stack.must_be_in(target.account() if stack.exists else "")
    stack.must_have_terraform()
    with stack.held(alone=False):
        terraform = _terraform(stack, target, report)
        settler = Settler(terraform, stack, target, report.step)
        settler.lead_here()
        doubt = _finish_earlier(terraform, report, target.losses())
    if doubt:
        with stack.held():
            settler.before_change(doubt)
    return terraform


def _terraform(stack: Stack, target: Target, report: Reporter) -> Terraform:
    stack.terraform.mkdir(parents=True, exist_ok=True)
    engine = ensure_engine()
    ensure_provider(engine, directory=stack.terraform, on_note=report.step)
    options = Options(parallelism=PARALLELISM.get(target.name))
    kept = stack.state()
    remote = partial(read, kept, stack.name, target) if kept else lambda: None
    return Terraform(engine, stack.terraform, target.environment(), options=options, remote=remote)


def _finish_earlier(terraform: Terraform, report: Reporter, losses: int, *, stop: bool = False) -> Doubt:
    """Wait for the Terraform of a groma that was killed, which is shown; what earlier runs leave in doubt."""
    running = live_run(terraform.directory) is not None
    shown = report.progress("Waiting for an earlier Terraform") if running else nullcontext(_ignore)
    with shown as on_event:
        recovered = terraform.recover(on_event, stop=stop, losses=losses)
    for note in recovered.notes:
        report.step(note)
    return recovered.doubt


def _ignore(_: object) -> None:
    return None
