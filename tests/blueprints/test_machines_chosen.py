"""`machines:` in a workload: which machines a design may have, and what is refused."""

from __future__ import annotations

import pytest

from groma import catalog
from groma.blueprints.machines import PROCESSORS, server_choices
from groma.components.server_group import ServerGroup
from groma.design import Design, design
from groma.errors import Infeasible, WorkloadError
from groma.sizing.values import Size
from groma.workload import parse
from workloads import MINIMAL

IMAGE = "application: {image: 'acme/shop:1.4'}\n"
BOTH = "application: {web: {image: 'a/front:1', port: 3000}, app: {image: 'a/back:1'}}\n"


def made(machines: str = "", application: str = "") -> Design:
    stated = f"machines: {machines}\n" if machines else ""
    return design(parse(f"{MINIMAL}{application}{stated}", source="groma.yaml"), reasons=False)


def processors(found: Design) -> dict[str, str]:
    groups = found.architecture.of_type(ServerGroup)
    return {each.id: catalog.instance_type(each.size.choice.name).arch for each in groups}


def size(found: Design, tier: str) -> Size:
    return found.plan.of(tier)


@pytest.mark.parametrize("said", sorted(PROCESSORS))
def test_servers_have_the_processor_that_is_stated(said: str) -> None:
    assert set(processors(made(f"{{architecture: {said}}}")).values()) == {PROCESSORS[said]}


def test_an_image_runs_on_x86_unless_something_else_is_stated() -> None:
    assert processors(made())["app"] == "arm64", "the cheapest, of which the sample may have any"
    assert processors(made(application=IMAGE)) == {"web": "arm64", "app": "x86_64"}, "nginx is there for both"
    assert set(processors(made(application=BOTH)).values()) == {"x86_64"}
    assert processors(made("{architecture: either}", IMAGE))["app"] == "arm64"


def test_families_are_kept_to_and_kept_away_from() -> None:
    for each in made("{families: [m7i, c7i]}").architecture.of_type(ServerGroup):
        assert each.size.choice.name.split(".")[0] in ("m7i", "c7i")
    usual = size(made(), "web").choice.name.split(".")[0]
    assert size(made(f"{{without: [{usual}]}}"), "web").choice.name.split(".")[0] != usual


def test_nothing_lives_on_credits_where_that_is_refused() -> None:
    assert [each.choice.baseline for each in made("{burstable: false}").plan.sizes] == [None, None, None]


def test_no_group_grows_beyond_the_most() -> None:
    many = MINIMAL.replace("50_000", "500_000")
    few = design(parse(f"{many}machines: {{most: 12}}\n"), reasons=False).plan.of("app")
    usual = design(parse(many), reasons=False).plan.of("app")
    assert few.max <= 12 < usual.max
    assert few.choice.vcpu > usual.choice.vcpu
    with pytest.raises(Infeasible, match=r"machines, [0-9,]+ at the most, 4 allowed") as caught:
        design(parse(f"{many}machines: {{most: 4, families: [t3]}}\nload: {{burst_to_peak_hour: 12}}\n"))
    assert "raise machines.most" in caught.value.hint


@pytest.mark.parametrize(
    ("machines", "said"),
    [
        ("{families: [m7g], architecture: x86}", "groma.yaml:4: machines: leaves no machine"),
        ("{families: [t3], burstable: false}", "leaves no machine"),
        ("{families: [z9]}", "machines.families: there is no family 'z9'"),
        ("{without: [m7g, z9]}", "machines.without: there is no family 'z9'"),
    ],
)
def test_what_leaves_no_machine_is_refused_with_its_line(machines: str, said: str) -> None:
    with pytest.raises(WorkloadError) as caught:
        made(machines)
    assert said in str(caught.value)
    assert "hint" in str(caught.value)


def test_what_is_allowed_and_refused_at_once_is_named() -> None:
    with pytest.raises(WorkloadError, match="both allows and refuses m7g"):
        made("{families: [m7g], without: [m7g]}")


def test_every_family_that_may_be_named_has_machines() -> None:
    names = {each.name.split(".")[0] for each in server_choices("us-east-1", volume_gib=20, public=False)}
    assert {"m7g", "t3"} <= names
