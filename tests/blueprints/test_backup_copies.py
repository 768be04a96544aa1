"""Copies of a database's backups in another region: stated or bought, paid, drawn, made there, looked at."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from groma import catalog
from groma.answers import MISSING, Running
from groma.architecture import Architecture
from groma.bill import bill
from groma.blueprints.copies import SECOND
from groma.components.backup_copies import BackupCopies
from groma.design import Design, design
from groma.design.making import as_stated
from groma.design.spending import spend
from groma.design.steps import steps
from groma.diagram import lint
from groma.errors import WorkloadError
from groma.report.documents import picture
from groma.terraform import render
from groma.terraform.calls import module_calls
from groma.workload import parse

TEXT = """\
name: shop
blueprint: {blueprint}
regions: [{region}]
users: {{total: 200_000}}
profile: social-media
slo: {{p99_ms: 400, availability: 0.999}}
application: {{image: 'acme/shop:1.4', port: 8000, health: /up}}
database: {{{database}}}
"""


def text(
    database: str = "backups_copied_to: us-west-2", blueprint: str = "three-tier", region: str = "us-east-1"
) -> str:
    return TEXT.format(database=database, blueprint=blueprint, region=region)


@cache
def made(
    database: str = "backups_copied_to: us-west-2", blueprint: str = "three-tier", region: str = "us-east-1"
) -> Design:
    return design(parse(text(database, blueprint, region)), reasons=False)


def copies(architecture: Architecture) -> BackupCopies:
    (found,) = architecture.of_type(BackupCopies)
    return found


@pytest.mark.parametrize(
    ("blueprint", "engine"),
    [("three-tier", "postgresql"), ("three-tier", "mysql"), ("containers", "postgresql")],
)
def test_they_are_made_in_the_region_that_is_stated(blueprint: str, engine: str) -> None:
    found = made(f"backups_copied_to: us-west-2, engine: {engine}", blueprint)
    architecture = found.architecture
    call = module_calls(architecture)["copies_us_west_2"]
    assert call.module == "backup-copies"
    assert call.providers == {"aws": "us-west-2"}
    assert call.arguments["retention_days"] == 7
    assert 'alias  = "us_west_2"' in render(architecture)["versions.tf"]
    assert [each.id for each in lint(picture(found), architecture) if not each.ok] == []


def test_none_are_made_where_nobody_asks_for_them() -> None:
    assert not made("").architecture.of_type(BackupCopies)
    assert not [name for name in module_calls(made("").architecture) if name.startswith("copies")]


def test_what_is_sent_and_kept_is_paid_where_it_is() -> None:
    architecture = made().architecture
    found, before = copies(architecture), bill(made("").architecture).monthly_usd
    stored, changed = found.stored_gib.likely, found.changed_per_day.likely
    kept = catalog.unit_price("rds", "backup_over_free", "us-west-2")
    sent = catalog.unit_price("datatransfer", "inter_region_out", "us-east-1")
    assert kept is not None
    assert sent is not None
    usd = {each.item: each.monthly_usd for each in bill(architecture).lines if each.component == found.id}
    likely = {item: each.likely for item, each in usd.items() if each is not None}
    assert likely["copies kept"] == pytest.approx(stored * (1 + 7 * changed) * kept.tiers[0].usd)
    assert likely["copies sent"] == pytest.approx(stored * changed * 365 / 12 * 2 * sent.tiers[0].usd)
    assert set(likely) == {"copies kept", "copies sent"}
    assert bill(architecture).monthly_usd.likely == pytest.approx(before.likely + sum(likely.values()))


def test_a_link_carries_what_the_bill_pays() -> None:
    architecture = made().architecture
    (link,) = (each for each in architecture.links if each.target == "backup-copies")
    assert (link.source, link.flow) == ("database-master", "replication")
    (line,) = (each for each in bill(architecture).lines if each.item == "copies sent")
    assert link.gb_per_month == line.quantity


@pytest.mark.parametrize(
    ("database", "what"),
    [
        ("backups_copied_to: us-east-1", "us-east-1 is the database's own region"),
        ("backups_copied_to: us-east-9", "the catalog has no region 'us-east-9'"),
        ("backups_copied_to: af-south-1", "AWS has the region af-south-1"),
        ("backups_copied_to: here", "backups_copied_to"),
        ("backups_copied_to: us-west-2, engine: aurora-postgresql", "backups_copied_to of Aurora"),
        (
            "backups_copied_to: us-west-2, existing: {secret: db}",
            "states backups_copied_to of a database",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(database: str, what: str) -> None:
    with pytest.raises(WorkloadError) as refused:
        design(parse(text(database)), reasons=False)
    assert what in str(refused.value)
    assert "workload:8" in str(refused.value)


def test_money_buys_them_before_older_backups() -> None:
    bought = [step.changes for step in steps(made("")) if step.aspect == "recovery"]
    assert bought == [{"copied_to": "us-west-2"}, {"backup_days": 35}]
    assert not [step for step in steps(made()) if "copied_to" in step.changes]
    workload = parse(text("") + "budget_usd_per_month: 100_000\nspend: [recovery]\n")
    found = spend(workload, reasons=False)
    assert copies(found.architecture).days == 35
    (decided,) = (each for each in found.decisions if each.about == "copies of backups")
    assert decided.because.startswith("bought")
    assert as_stated(found).database.backups_copied_to is None


def test_none_are_for_sale_where_no_second_region_of_the_same_law_is_known() -> None:
    assert [s.changes for s in steps(made("", region="ca-central-1")) if s.aspect == "recovery"] == [
        {"backup_days": 35}
    ]
    assert not [
        step for step in steps(made("engine: aurora-postgresql")) if step.changes.get("copied_to", "")
    ]


def test_where_money_sends_them_is_another_region_of_the_same_continent_and_priced() -> None:
    names = {each.name for each in catalog.regions()}
    for home, away in SECOND.items():
        assert {home, away} <= names
        assert home != away
        assert home[:3] == away[:3]
        assert catalog.unit_price("rds", "backup_over_free", away) is not None
        assert catalog.unit_price("datatransfer", "inter_region_out", home) is not None


@pytest.mark.parametrize(
    ("arns", "state"),
    [
        (["arn:aws:rds:us-west-2:1:auto-backup:ab-1"], "replicating"),
        (["arn:aws:rds:eu-west-1:1:auto-backup:ab-1"], MISSING),
        ([], MISSING),
    ],
)
def test_whether_they_go_on_is_told_by_the_master(arns: list[str], state: str) -> None:
    def ask(service: str, operation: str, **asked: Any) -> Any:
        assert (service, operation) == ("rds", "describe_db_instances")
        assert asked == {"DBInstanceIdentifier": "shop-database-master"}
        told = [{"DBInstanceAutomatedBackupsArn": arn} for arn in arns]
        return {"DBInstances": [{"DBInstanceAutomatedBackupsReplications": told}]}

    architecture = made().architecture
    assert copies(architecture).running(architecture, ask) == (
        Running("Copies of backups", state, "to us-west-2"),
    )
