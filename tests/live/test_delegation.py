"""The zone first: made before all else, waited for until it is asked, and found again after a stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from fake_terraform import make_terraform
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.route53.models import route53_backends

from groma.errors import WorkloadError
from groma.live.applying import Before, apply
from groma.live.delegation import ISSUED, Internet, instructions, zone_first
from groma.live.domain import Zone, existing_zone, make_guest_zone, refuse_second_zone
from groma.live.reporting import Reporter
from groma.live.stack import Stack
from groma.live.target import AwsTarget
from groma.live.terraform_cli import OnEvent, Terraform
from groma.live.terraform_cli.events import ApplyProgress, Event, PlannedChange
from groma.live.terraform_cli.terraform import ApplySummary, PlanSummary
from groma.workload import Workload, parse

pytestmark = pytest.mark.slow

TEXT = "name: chirp\nblueprint: three-tier\nusers: {total: 50_000}\ndomain: chirp.acme.dev\n"
PROGRAM = f"""
args = sys.argv[1:]
zone = Path("zone")
if args[:2] == ["state", "list"]:
    print("module.key.aws_kms_key.this")
    if zone.exists():
        print("module.dns.aws_route53_zone.this[0]")
    if Path("issued").exists():
        print("{ISSUED}")
elif args[0] == "apply":
    with open("applied", "a") as file:
        print(" ".join(arg for arg in args if "target" in arg), file=file)
    zone.write_text(Path("next").read_text())
    summary("apply", add=1)
elif args[:2] == ["state", "pull"]:
    made = [{{"attributes": {{"zone_id": zone.read_text()}}}}]
    row = {{"module": "module.dns", "type": "aws_route53_zone", "name": "this", "instances": made}}
    print(json.dumps({{"resources": [row]}}))
"""


@dataclass
class Told:
    """What was told: steps, and the events of what lasted."""

    steps: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def step(self) -> Callable[[str], None]:
        return self.steps.append

    @contextmanager
    def progress(self, title: str) -> Iterator[OnEvent]:
        self.steps.append(title)
        yield self.events.append


class Dns:
    """The internet, by what it answers when it is asked for the first time, the second …"""

    def __init__(self, *answers: frozenset[str] | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.clock_s = 0.0
        self.is_stopped = False

    def delegated_to(self, zone: str) -> frozenset[str] | None:
        self.asked.append(zone)
        return self.answers.pop(0)

    def pause(self, seconds: float) -> None:
        if self.is_stopped:
            raise KeyboardInterrupt
        self.clock_s += seconds

    def internet(self) -> Internet:
        return Internet(self.delegated_to, pause=self.pause, now=lambda: self.clock_s)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsTarget]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield AwsTarget("us-east-1")


def made_zone(name: str, reference: str = "", *, private: bool = False) -> str:
    """A zone of the account; its id."""
    vpc: dict[str, Any] = {"VPC": {"VPCRegion": "us-east-1", "VPCId": "vpc-1"}} if private else {}
    answer = boto3.client("route53", region_name="us-east-1").create_hosted_zone(
        Name=name, CallerReference=reference or name, HostedZoneConfig={"PrivateZone": private}, **vpc
    )
    return _with_an_id_of_aws(str(answer["HostedZone"]["Id"]).removeprefix("/hostedzone/"))


def _with_an_id_of_aws(drawn: str) -> str:
    """Those of AWS begin with a Z, those that moto draws with anything."""
    zones = route53_backends[DEFAULT_ACCOUNT_ID]["aws"].zones
    zone = zones.pop(drawn)
    zone.resource_id = f"Z{drawn[1:]}"
    zones[zone.resource_id] = zone
    return str(zone.resource_id)


def servers_of(zone_id: str) -> frozenset[str]:
    answer = boto3.client("route53", region_name="us-east-1").get_hosted_zone(Id=zone_id)
    return frozenset(answer["DelegationSet"]["NameServers"])


def workload(more: str = "") -> Workload:
    return parse(TEXT + more, source="groma.yaml")


class Stands:
    """A stack on its way up, whose Terraform makes the zone `zone_id` when it is told to."""

    def __init__(self, folder: Path, aws: AwsTarget) -> None:
        self.aws, self.folder = aws, folder
        self.terraform: Terraform = make_terraform(folder, PROGRAM)
        self.zone_id = ""

    def will_make(self, name: str) -> frozenset[str]:
        """Let the zone be there as Terraform makes it, and not be found before that; its name servers."""
        self.zone_id = made_zone(name)
        (self.terraform.directory / "next").write_text(self.zone_id)
        return servers_of(self.zone_id)

    def applied(self) -> list[str]:
        file = self.terraform.directory / "applied"
        return file.read_text().splitlines() if file.exists() else []

    def first(self, dns: Dns, told: Told, more: str = "") -> int:
        return zone_first(workload(more), self.terraform, self.aws, told, dns.internet())


@pytest.fixture
def stands(tmp_path: Path, aws: AwsTarget, monkeypatch: pytest.MonkeyPatch) -> Stands:
    monkeypatch.setattr("groma.live.delegation.refuse_second_zone", lambda *_: None)
    return Stands(tmp_path, aws)


def test_a_zone_that_is_not_delegated_and_then_is(stands: Stands):
    ours = stands.will_make("chirp.acme.dev")
    dns, told = Dns(frozenset(), frozenset({"ns1.parked.net"}), None, ours), Told()
    assert stands.first(dns, told) == 1
    assert stands.applied() == ["-target=module.dns.aws_route53_zone.this"]
    assert dns.asked == ["chirp.acme.dev"] * 4
    assert {line.strip() for line in told.steps} >= ours
    assert told.steps[-1] == "chirp.acme.dev is delegated"
    waited = [event.elapsed_s for event in told.events if isinstance(event, ApplyProgress)]
    assert waited == [10.0, 25.0]


def test_a_stop_while_it_waits_leaves_what_the_same_command_goes_on_from(stands: Stands):
    ours = stands.will_make("chirp.acme.dev")
    dns = Dns(frozenset())
    dns.is_stopped = True
    with pytest.raises(KeyboardInterrupt):
        stands.first(dns, Told())
    told = Told()
    assert stands.first(Dns(ours), told) == 0
    assert len(stands.applied()) == 1
    assert told.steps == []


def test_a_certificate_that_is_left_pending_has_the_zone_looked_at_again(stands: Stands):
    """Somebody took the name servers away before AWS had looked: it is said, rather than waited in vain."""
    ours = stands.will_make("chirp.acme.dev")
    stands.first(Dns(ours), Told())
    told = Told()
    stands.first(Dns(frozenset(), ours), told)
    assert "Waiting for chirp.acme.dev to be delegated" in told.steps


def test_once_the_certificate_is_issued_nobody_is_asked(stands: Stands):
    (stands.terraform.directory / "issued").touch()
    dns = Dns()
    assert stands.first(dns, Told()) == 0
    assert dns.asked == []
    assert stands.applied() == []


def test_a_zone_that_exists_is_waited_for_and_none_is_made(stands: Stands):
    zone_id = made_zone("acme.dev")
    dns, told = Dns(frozenset(), servers_of(zone_id)), Told()
    assert stands.first(dns, told, "zone: acme.dev\n") == 0
    assert dns.asked == ["acme.dev", "acme.dev"]
    assert stands.applied() == []


def test_where_dns_does_not_answer_it_is_said_and_gone_on(stands: Stands):
    stands.will_make("chirp.acme.dev")
    told = Told()
    assert stands.first(Dns(None), told) == 1
    assert told.steps[-1].startswith("no DNS server answers here")


def test_a_foreign_server_beside_ours_is_not_good_enough(stands: Stands):
    ours = stands.will_make("chirp.acme.dev")
    dns = Dns(ours | {"ns1.parked.net"}, ours)
    stands.first(dns, Told())
    assert len(dns.asked) == 2


def test_a_stack_without_a_zone_in_its_state_makes_no_second_one(tmp_path: Path, aws: AwsTarget):
    made_zone("acme.dev")
    with pytest.raises(WorkloadError, match=r"zone: acme\.dev"):
        Stands(tmp_path, aws).first(Dns(), Told())


def test_what_has_to_be_done_fits_a_terminal():
    zone = Zone("Z1", "chirp.acme.dev", frozenset({"ns-1.awsdns-01.org", "ns-2.awsdns-02.co.uk"}))
    lines = list(instructions(zone, frozenset({"ns1.parked.net"})))
    assert max(len(line) for line in lines) <= 78
    assert [line for line in lines if "parked" in line] == ["  instead of ns1.parked.net"]


@pytest.mark.parametrize("name", ["chirp.acme.dev", "acme.dev"])
def test_a_second_zone_is_refused_with_what_to_write(aws: AwsTarget, name: str):
    """So it is for a domain that is registered with Route 53, which makes a zone of it by itself."""
    made_zone(name)
    with pytest.raises(WorkloadError) as caught:
        refuse_second_zone(workload(), aws)
    assert str(caught.value).startswith(f"groma.yaml:4: domain: the account has a zone {name}")
    assert f"write `zone: {name}`" in caught.value.hint


def test_of_two_zones_of_one_name_one_is_named_by_its_id(aws: AwsTarget):
    ids = {made_zone("acme.dev", "one"), made_zone("acme.dev", "two")}
    with pytest.raises(WorkloadError) as caught:
        refuse_second_zone(workload(), aws)
    assert any(f"`zone: {id_}`" in caught.value.hint for id_ in ids)


@pytest.mark.parametrize("name", ["acme.org", "other.acme.dev", "irp.acme.dev"])
def test_a_zone_of_another_name_is_nothing_to_it(aws: AwsTarget, name: str):
    made_zone(name)
    refuse_second_zone(workload(), aws)
    assert existing_zone(workload(), aws) is None


def test_a_private_zone_is_no_second_one(aws: AwsTarget):
    made_zone("acme.dev", private=True)
    refuse_second_zone(workload(), aws)
    with pytest.raises(WorkloadError, match="is private"):
        existing_zone(workload("zone: acme.dev\n"), aws)


def test_an_existing_zone_is_found_by_name_and_by_id(aws: AwsTarget):
    zone_id = made_zone("acme.dev")
    by_name, by_id = (existing_zone(workload(f"zone: {said}\n"), aws) for said in ("acme.dev", zone_id))
    assert by_name == by_id == Zone(zone_id, "acme.dev", servers_of(zone_id))


def test_a_zone_that_the_account_lacks_is_named_with_its_line(aws: AwsTarget):
    with pytest.raises(WorkloadError) as caught:
        existing_zone(workload("zone: acme.dev\n"), aws)
    assert str(caught.value).startswith("groma.yaml:5: zone: the account has no zone acme.dev")


def test_an_id_of_a_zone_that_does_not_hold_the_domain(aws: AwsTarget):
    zone_id = made_zone("acme.org")
    with pytest.raises(WorkloadError, match=r"does not hold chirp\.acme\.dev"):
        existing_zone(workload(f"zone: {zone_id}\n"), aws)


def test_a_name_of_two_zones_needs_an_id(aws: AwsTarget):
    made_zone("acme.dev", "one")
    made_zone("acme.dev", "two")
    with pytest.raises(WorkloadError, match="2 public zones"):
        existing_zone(workload("zone: acme.dev\n"), aws)


def test_the_embedded_cloud_has_what_the_file_says_exists_and_has_it_once(aws: AwsTarget):
    stated = workload("zone: acme.dev\n")
    assert "acme.dev" in make_guest_zone(stated, aws)
    assert make_guest_zone(stated, aws) == ""
    zone = existing_zone(stated, aws)
    assert zone is not None
    assert zone.name == "acme.dev"
    assert make_guest_zone(workload(), aws) == ""


class Recorded:
    """Terraform, by what it was asked for; its second plan may differ from what was approved."""

    def __init__(self, *plans: tuple[str, ...]) -> None:
        self.plans = list(plans)
        self.calls: list[str] = []

    def plan(self, *, save_as: Path, replace: Sequence[str] = ()) -> PlanSummary:
        self.calls.append("plan")
        changes = tuple(PlannedChange(len(self.plans), address, "create") for address in self.plans.pop(0))
        return PlanSummary(True, len(changes), 0, 0, changes, (), ())

    def shown(self, _: Path) -> Mapping[str, Any]:
        return {}

    def apply(self, _: OnEvent, *, plan_file: Path | None, replace: Sequence[str] = ()) -> ApplySummary:
        self.calls.append(f"apply {plan_file}")
        return ApplySummary(2, 0, 0, (), Path())


@pytest.mark.parametrize(
    ("plans", "made", "calls"),
    [
        ([("zone", "web")], 0, ["plan", "approve", "apply up.tfplan"]),
        ([("zone", "web"), ("web",)], 1, ["plan", "approve", "plan", "apply up.tfplan"]),
        ([("zone",), ("web",)], 1, ["plan", "approve", "plan", "approve", "apply up.tfplan"]),
    ],
)
def test_the_zone_is_made_after_the_yes_and_nothing_that_was_not_shown(
    tmp_path: Path, plans: list[tuple[str, ...]], made: int, calls: list[str]
):
    terraform = Recorded(*plans)

    def approve(_: PlanSummary) -> None:
        terraform.calls.append("approve")

    stack = Stack("chirp", "aws", tmp_path)
    before = Before((), AwsTarget("us-east-1"), Reporter(), lambda: made)
    done = apply(terraform, stack, Reporter(), approve, before, ())  # type: ignore[arg-type]
    assert terraform.calls == calls
    assert done.added == 2 + made
