"""Several stacks of one file: what an environment states otherwise, and which one is meant."""

from __future__ import annotations

import pytest

from groma.errors import WorkloadError
from groma.workload import Workload, parse

FILE = """\
name: shop
blueprint: three-tier
users: {registered: 200_000, active_daily: 0.4}   # of all countries
slo: {p99_ms: 400}
environments:
  staging:
    users: {total: 500}
    slo: {availability: 0.99}
    alerts: nobody
  production: {}
"""
SOUND = FILE.replace("    alerts: nobody\n", "")


def of(environment: str, text: str = SOUND) -> Workload:
    return parse(text, source="groma.yaml", environment=environment)


def refused(environment: str, text: str) -> str:
    with pytest.raises(WorkloadError) as caught:
        of(environment, text)
    return str(caught.value)


def test_each_has_a_name_of_its_own_and_the_keys_that_all_share() -> None:
    staging, production = of("staging"), of("production")
    assert (staging.name, production.name) == ("shop-staging", "shop-production")
    assert (staging.users.total, production.users.total) == (500, 200_000)
    assert staging.users.active_daily == production.users.active_daily
    assert (staging.slo.p99_ms, staging.slo.availability) == (400, 0.99)


def test_what_is_kept_of_a_stack_knows_no_other() -> None:
    for name in ("staging", "production"):
        kept = parse(of(name).text)
        assert kept.model_dump() == of(name).model_dump()
        assert "environments" not in of(name).text
    assert "# of all countries" in of("production").text


def test_the_file_may_say_which_is_meant_when_nobody_does() -> None:
    text = SOUND + "environment: staging\n"
    assert of("", text).name == "shop-staging"
    assert of("production", text).name == "shop-production"


@pytest.mark.parametrize(
    ("environment", "text", "said"),
    [
        ("", SOUND, ("groma.yaml:5: environments: describes 2 stacks: staging, production", "--env staging")),
        ("prod", SOUND, ("groma.yaml:5: environments: has no environment 'prod'", "staging, production")),
        ("staging", FILE, ("groma.yaml:9: alerts: 'nobody' cannot be used",)),
        ("staging", "name: shop\nblueprint: starter\n", ("has no environments", "environments: {staging")),
        ("staging", SOUND.replace("production: {}", "staging2: 3"), ()),
        ("production", SOUND.replace("{}", "{name: other}"), ("is not the environment's to choose",)),
        ("production", SOUND.replace("{}", "5"), ("must be the keys that production states otherwise",)),
        ("production", SOUND.replace("name: shop", "name: a-shop-of-all"), ("groma.yaml:1: name",)),
        ("production", SOUND.replace("{}", "{environments: {}}"), ("environments",)),
    ],
)
def test_a_mistake_is_named_with_its_line(environment: str, text: str, said: tuple[str, ...]) -> None:
    if not said:
        assert of(environment, text).name == "shop-staging", "what another environment says is its own affair"
        return
    found = refused(environment, text)
    for part in said:
        assert part in found
