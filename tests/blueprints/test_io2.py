"""Volumes of io2, whose operations are bought: how many, what they cost, and where no price says so."""

from __future__ import annotations

from functools import cache

import pytest

from groma.bill import Bill, bill
from groma.blueprints.volumes import volume
from groma.components.database import DatabaseServer
from groma.design import Design, design
from groma.errors import Infeasible, WorkloadError
from groma.report.documents import build
from groma.terraform.calls import module_calls
from groma.workload import parse
from groma.workload.demand import demand

TEXT = """\
name: shop
blueprint: {blueprint}
regions: [{region}]
users: {{total: {users}}}
profile: social-media
slo: {{availability: 0.999}}
application: {{image: 'acme/shop:1.4', port: 8000, health: /up}}
database: {{{database}}}
"""


def text(
    database: str = "storage: io2, iops: 3_000",
    users: int = 50_000,
    blueprint: str = "three-tier",
    region: str = "us-east-1",
) -> str:
    return TEXT.format(database=database, users=users, blueprint=blueprint, region=region)


@cache
def made(
    database: str = "storage: io2, iops: 3_000", users: int = 50_000, blueprint: str = "three-tier"
) -> Design:
    return design(parse(text(database, users, blueprint)), reasons=False)


def usd(found: Bill, component: str, item: str) -> float:
    (line,) = (each for each in found.lines if each.component == component and item in each.item)
    assert line.monthly_usd is not None
    return line.monthly_usd.likely


@pytest.mark.parametrize("blueprint", ["three-tier", "containers"])
def test_its_gb_and_its_operations_are_paid_of_each_instance(blueprint: str) -> None:
    found = bill(made(blueprint=blueprint).architecture)
    for component in ("database-master", "database-replica"):
        assert usd(found, component, "io2 storage") == pytest.approx(100 * 0.125)
        assert usd(found, component, "io2 operations") == pytest.approx(3_000 * 0.1)
    assert not [line for line in found.lines if "gp3 storage" in line.item]


def test_a_standby_is_paid_as_much_again() -> None:
    found = bill(made("storage: io2, iops: 3_000, multi_az: true").architecture)
    assert usd(found, "database-master", "io2 storage, standby's too") == pytest.approx(100 * 0.25)
    assert usd(found, "database-master", "io2 operations by the second, standby's too") == pytest.approx(
        600.0
    )
    assert usd(found, "database-replica", "io2 operations") == pytest.approx(300.0)


def test_it_is_written_drawn_and_decided() -> None:
    found = made()
    call = module_calls(found.architecture)["database"]
    assert call.arguments["storage"] == {"gib": 100, "max_gib": 500, "type": "io2", "iops": 3_000}
    master = next(each for each in found.architecture.of_type(DatabaseServer) if each.role == "master")
    assert "io2 100 GB · 3,000 IOPS" in master.details
    decided = {each.about: each for each in found.decisions}["volumes"]
    assert decided.decided == "io2 Block Express, 100 GiB, 3,000 operations/s"
    assert any(b"io2" in content for path, content in build(found).items() if path.endswith("main.tf"))
    gp3 = design(parse(text("replicas: 1")), reasons=False)
    assert "volumes" not in {each.about for each in gp3.decisions}
    assert module_calls(gp3.architecture)["database"].arguments["storage"] == {"gib": 30, "max_gib": 150}


@pytest.mark.parametrize("users", [50_000, 2_000_000, 20_000_000])
def test_as_many_are_bought_as_the_peak_and_the_size_take(users: int) -> None:
    stated = parse(text("storage: io2", users))
    load = demand(stated)
    found = volume(stated, load)
    assert found.iops % 500 == 0
    assert found.iops >= max(1_000, load.storage_ops_per_s.likely)
    assert found.iops < max(1_000, load.storage_ops_per_s.likely, 0.55 * found.gib) + 500
    assert found.iops / found.most_gib >= 0.5
    assert found.iops / found.gib <= 1_000
    assert found.most_gib >= 1.1 * found.gib
    twice = volume(stated, load, 2.0)
    assert twice.iops >= 2 * load.storage_ops_per_s.likely


@pytest.mark.parametrize(
    ("users", "more", "said"),
    [
        (5_000_000, "load: {storage_reads_per_read: 0.9}\n", "the peak takes "),
        (
            50_000,
            "load: {database_stored_gib_per_million_users: 100_000}\n",
            "are too few for 5,000 GiB that may grow",
        ),
    ],
)
def test_too_few_operations_are_told_with_how_many_it_takes(users: int, more: str, said: str) -> None:
    stated = parse(text("storage: io2, iops: 1_000", users) + more, source="groma.yaml")
    with pytest.raises(Infeasible) as caught:
        volume(stated, demand(stated))
    assert caught.value.where == "groma.yaml:8: database.iops"
    assert said in caught.value.what
    enough = caught.value.hint.partition("`iops: ")[2].partition("`")[0]
    again = parse(text(f"storage: io2, iops: {enough}", users) + more)
    assert volume(again, demand(again)).iops == int(enough)


@pytest.mark.parametrize("region", ["eu-west-1", "ap-south-1"])
def test_where_a_price_is_not_known_it_is_refused_with_where_it_is(region: str) -> None:
    with pytest.raises(WorkloadError) as caught:
        design(parse(text(region=region), source="groma.yaml"), reasons=False)
    assert caught.value.where == "groma.yaml:8: database.storage"
    assert f"io2 has no price in {region}" in caught.value.what
    assert "it has in us-east-1;" in caught.value.hint


def test_a_price_book_says_it_for_another_region(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("book")
    rows = (
        "price,rds,io2_iops_single,eu-west-1,,0.11,2026-11-01\n"
        "price,rds,io2_iops_multi,eu-west-1,,0.22,2026-11-01\n"
    )
    (folder / "prices.csv").write_text(f"what,service,key,region,purchase,value,date\n{rows}")
    stated = parse(text(region="eu-west-1") + "price_book: prices.csv\n", source=str(folder / "groma.yaml"))
    found = bill(design(stated, reasons=False).architecture)
    assert usd(found, "database-master", "io2 operations") == pytest.approx(330.0)
    assert usd(found, "database-master", "io2 storage") == pytest.approx(13.8)
