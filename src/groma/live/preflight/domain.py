"""Whether the domain can be served: owned by somebody, in a zone that the internet asks."""

from __future__ import annotations

from collections.abc import Iterator

from groma.errors import WorkloadError
from groma.live.delegation import Internet, is_delegated
from groma.live.domain import existing_zone, refuse_placeholder, refuse_second_zone
from groma.live.preflight.look import Look, looks
from groma.live.target import Target
from groma.workload import Workload


def domain(target: Target, workload: Workload, internet: Internet, *, stands: bool) -> Iterator[Look]:
    """The domain and its zone; nothing where a design has no domain of its own.

    Args:
        internet: how DNS is asked.
        stands: whether the stack stands already, so that the zone may be its own.
    """
    if workload.domain is not None:
        yield _domain(target, workload, internet, stands)


@looks("the domain")
def _domain(target: Target, workload: Workload, internet: Internet, stands: bool) -> Look:
    title = f"the domain {workload.domain}"
    try:
        refuse_placeholder(workload, target.name)
        zone = existing_zone(workload, target)
        if zone is None and not stands:
            refuse_second_zone(workload, target)
    except WorkloadError as error:
        return Look(title, "will fail", error.what, error.hint)
    if zone is None:
        if stands:
            return Look(title, "ok", "in the stack's own zone")
        hint = "`groma up` says which name servers to set at the registrar, and waits for them"
        return Look(title, "cannot tell", "its zone is made first", hint)
    servers = internet.delegated_to(zone.name)
    if servers is None:
        return Look(title, "cannot tell", "no DNS server answers here", "look at the network")
    if is_delegated(servers, zone):
        return Look(title, "ok", f"in the zone {zone.name}, which the internet asks")
    hint = f"set these at the registrar of {zone.name}: {', '.join(sorted(zone.name_servers))}"
    return Look(title, "will fail", f"the internet does not ask the zone {zone.name}", hint)
