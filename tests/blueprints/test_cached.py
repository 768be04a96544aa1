"""A cache before the database: who asks it, what it is sized for, what is paid, and what it never changes."""

from __future__ import annotations

import pytest
from shop import OWN, SHARED, app, made, settings

from groma.bill import bill
from groma.blueprints.three_tier.cached import asked_part, spared_part
from groma.components.cache import Cache
from groma.components.container_service import ContainerService
from groma.components.database import DatabaseServer
from groma.components.existing_database import ExistingDatabase
from groma.design import Design, design
from groma.design.steps import steps
from groma.errors import Infeasible, WorkloadError
from groma.terraform import render
from groma.workload import parse

CACHED = "database: {cache: true}\n"


def cache_of(designed: Design) -> Cache:
    (found,) = designed.architecture.of_type(Cache)
    return found


def carried_gb(designed: Design, kind: type[Cache] | type[DatabaseServer]) -> float:
    return sum(each.query_gb_per_month.likely for each in designed.architecture.of_type(kind))


def test_without_it_nothing_of_a_design_speaks_of_a_cache():
    plain = made()
    assert not plain.architecture.of_type(Cache)
    assert not [name for name in settings(plain) if name.startswith("CACHE")]
    assert "cache" not in [decision.about for decision in plain.decisions]
    assert not [name for name in render(plain.architecture) if "modules/cache/" in name]


def test_the_database_keeps_the_size_that_it_has_without():
    plain, cached = made(), made(CACHED)
    assert cached.plan == plain.plan
    assert cached.availability == plain.availability, "nobody waits for a cache"


def test_what_it_answers_is_asked_of_no_database():
    plain, cached = made(), made(CACHED)
    queries = plain.demand.query_gb_per_month.likely
    asked, spared = asked_part(cached.workload), spared_part(cached.workload)
    assert 0 < spared < asked < 1
    assert carried_gb(plain, DatabaseServer) == pytest.approx(queries)
    assert carried_gb(cached, DatabaseServer) == pytest.approx(queries * (1 - spared))
    assert carried_gb(cached, Cache) == pytest.approx(queries * asked)
    rates = {link.target: link.peak_per_s for link in cached.architecture.links if link.source == "app"}
    before = plain.demand.reads_per_s.likely + plain.demand.writes_per_s.likely
    databases = sum(rate or 0 for id_, rate in rates.items() if id_.startswith("database"))
    assert databases == pytest.approx(before * (1 - spared))
    assert rates["cache"] == pytest.approx(before * asked)


def test_of_the_sample_reads_of_one_person_are_cached_and_timelines_are_not():
    """`servers.store` remembers profiles and somebody's latest posts, and nothing else."""
    requests = made().workload.requests
    queries = sum(each.share * (each.reads + each.writes) for each in requests.values())
    assert asked_part(made().workload) == pytest.approx(requests["user_timeline"].share * 2 / queries)


def test_it_is_paid_by_node_and_hour():
    plain, cached = made(), made(CACHED)
    size = cache_of(cached).size
    lines = [line for line in bill(cached.architecture).lines if line.component == "cache"]
    assert [line.quantity.likely for line in lines if size.node_type in line.item] == [730 * size.nodes]
    more = bill(cached.architecture).monthly_usd.likely - bill(plain.architecture).monthly_usd.likely
    of_cache = sum(line.monthly_usd.likely for line in lines if line.monthly_usd)
    assert 0.9 * of_cache < more < of_cache + 1, "the database carries less to other zones"


def test_servers_are_told_of_it_and_may_sign_in():
    cached = made(CACHED)
    told = {name: value for name, value in settings(cached).items() if name.startswith("CACHE")}
    assert set(told) == {"CACHE_HOST", "CACHE_PORT", "CACHE_USER", "CACHE_NAME"}
    assert "cache" in app(cached).rights["instance_policies"]
    main = render(cached.architecture)["main.tf"]
    assert "CACHE_HOST = module.cache.endpoint" in " ".join(main.split())
    assert cache_of(cached).clients == ("app",)


def test_an_application_of_ones_own_is_told_but_where_it_says_the_same_itself():
    mine = f"{CACHED}{OWN}, secrets: {{CACHE_USER: 'ssm:/mine'}}, env: {{CACHE_NAME: other}}}}\n"
    told = settings(made(mine))
    assert {"CACHE_HOST", "CACHE_PORT"} <= set(told)
    assert "CACHE_USER" not in told
    assert told["CACHE_NAME"] == "other"


def asked(more: str, application: str = "") -> float:
    """The part of the queries of which a cache is asked first, where a class has four reads and a write."""
    page = f"{{share: 1, web_ms: 1, app_ms: 5, reads: 4, writes: 1, query_ms: 1{more}}}"
    return asked_part(parse(f"{SHARED}{CACHED}{application}requests: {{page: {page}}}\n"))


def test_reads_are_those_that_the_file_lets_it_answer():
    own = f"{OWN}}}\n"
    assert asked("", own) == pytest.approx(4 / 5), "only its owner knows what his application keeps"
    assert asked(", cached_reads: 1", own) == pytest.approx(1 / 5)
    assert asked("") == 0, "the sample keeps nothing of a class that it does not know"
    assert asked(", cached_reads: 1") == pytest.approx(1 / 5)
    with pytest.raises(WorkloadError, match="more `cached_reads`, which a cache may answer, than `reads`"):
        asked(", cached_reads: 5")


@pytest.mark.parametrize("reads", ["reads: 4, writes: 0, cached_reads: 0", "reads: 0, writes: 1"])
def test_what_could_answer_nothing_is_refused_with_its_line(reads: str):
    page = f"{{share: 1, web_ms: 1, app_ms: 5, {reads}, query_ms: 1}}"
    with pytest.raises(WorkloadError, match=r"groma.yaml:4.*no class of requests has reads that it may"):
        made(f"{CACHED}requests: {{page: {page}}}\n")


def test_what_no_cache_can_carry_is_refused_with_its_line():
    with pytest.raises(Infeasible, match=r"groma.yaml:4.*answers [0-9,]+ reads/s"):
        made(f"{CACHED}load: {{cache_reads_per_s_per_node: 0.01}}\n")


def test_the_owner_of_a_database_that_exists_hears_what_it_carries_without():
    exists = f"{OWN}}}\ndatabase: {{existing: {{secret: prod/shop/db}}%s}}\n"
    plain, cached = made(exists % ""), made(exists % ", cache: true")
    (before,), (after,) = (each.architecture.of_type(ExistingDatabase) for each in (plain, cached))
    assert cached.architecture.of_type(Cache)
    assert after == before


def test_it_is_for_sale_where_the_sample_asks_one_first():
    def offered(more: str) -> bool:
        return any("cache" in step.changes for step in steps(made(more)))

    assert offered("")
    assert not offered(CACHED)
    assert not offered(f"{OWN}}}\n"), "whether it asks a cache only its owner knows"


def test_tasks_are_told_as_servers_are():
    text = SHARED.replace("three-tier", "containers") + OWN
    plain = design(parse(f"{text}}}\n"), reasons=False)
    cached = design(parse(f"{text}, env: {{CACHE_NAME: other}}}}\n{CACHED}"), reasons=False)
    (before,) = (each for each in plain.architecture.of_type(ContainerService) if each.id == "app")
    (after,) = (each for each in cached.architecture.of_type(ContainerService) if each.id == "app")
    assert "cache" not in before.policies
    assert "cache" in after.policies
    told = {name: value for name, value in after.environment.items() if name not in before.environment}
    assert set(told) == {"CACHE_HOST", "CACHE_PORT", "CACHE_USER", "CACHE_NAME"}
    assert told["CACHE_NAME"] == "other"
    assert [link for link in cached.architecture.links if (link.source, link.target) == ("app", "cache")]
