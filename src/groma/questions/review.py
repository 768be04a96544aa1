"""What can be said of a design before it is provisioned: the laws of its architecture, and its objectives."""

from __future__ import annotations

from groma.architecture import Finding
from groma.check import check
from groma.design import Design
from groma.questions.recovery import recovery


def review(design: Design) -> tuple[Finding, ...]:
    """Everything that can be said of a design before it is provisioned."""
    return (*check(design.architecture), *findings(design))


def findings(design: Design) -> tuple[Finding, ...]:
    """The objectives for time and data loss, and that the others carry the users of each region."""
    found = recovery(design)
    if found is None:
        return ()
    goals = design.workload.slo
    slowest = max(found.faults, key=lambda fault: fault.recovery_s)
    dearest = max(found.faults, key=lambda fault: fault.data_loss_s)
    rows = [
        Finding(
            id=f"{loss.lost}-lost",
            what=f"the other regions carry all users when {loss.lost} is lost",
            expected=f"a p99 within {goals.p99_ms:g} ms",
            actual=", ".join(f"{each.region} {each.first_p99_ms:g} ms" for each in loss.survivors),
            ok=loss.carried,
        )
        for loss in found.losses
    ]
    if goals.recovery_s is not None:
        rows.append(
            Finding(
                id="recovery-time",
                what="requests are answered again soon enough after every fault",
                expected=f"within {goals.recovery_s:,.0f} s",
                actual=f"{slowest.recovery_s:,.0f} s after the loss of {slowest.lost}: {slowest.because}",
                ok=slowest.recovery_s <= goals.recovery_s,
                severity="warning",
                hint="who is called, and how fast they decide, takes most of it",
            )
        )
    if goals.data_loss_s is not None:
        rows.append(
            Finding(
                id="recovery-point",
                what="no fault costs more of the last writes than is allowed",
                expected=f"at most {goals.data_loss_s:,.0f} s",
                actual=f"{dearest.data_loss_s:,.0f} s with {dearest.lost}: {dearest.data}",
                ok=dearest.data_loss_s <= goals.data_loss_s,
                severity="warning",
                hint="S3 agrees to no less for copies in another region; most are there within seconds",
            )
        )
    return tuple(rows)
