"""The Terraform of the worldwide blueprint: what the root tells modules of other regions."""

from __future__ import annotations

import re
from typing import Any

import hcl2
import pytest
from worldwide_designs import made

from chirp.world.settings import WorldSettings
from groma.components.global_database import GlobalDatabase
from groma.terraform import render

pytestmark = pytest.mark.slow


def test_the_root_calls_modules_of_every_region():
    root = render(made().architecture)["main.tf"]
    for region in ("us_east_1", "us_west_2", "eu_west_1"):
        assert f'module "database_{region}"' in root
    assert "global_cluster_id     = module.database_us_east_1.global_cluster_id" in root
    assert 'replica_regions       = ["us-west-2", "eu-west-1"]' in root or "replica_regions" in root


def call(root: str, name: str) -> dict[str, Any]:
    """The arguments of one call of a module."""
    return next(found[name] for found in hcl2.loads(root)["module"] if name in found)


def test_servers_are_told_of_every_database_and_service_of_their_region():
    root = render(made(8).architecture)["main.tf"]
    count = len({d.database for d in made(8).architecture.of_type(GlobalDatabase)})
    told = {
        region: dict(re.findall(r"^\s+([A-Z_]+)\s+= (.+)$", _block(root, f"app_{region}"), re.MULTILINE))
        for region in ("us_east_1", "us_west_2")
    }
    here, there = told.values()
    numbers = ["", *map(str, range(2, count + 1))]
    for role in ("writer", "reader"):
        calls = [f"module.database{n}_us_west_2" for n in numbers]
        addresses = ",".join(f"${{{c}.{role}_endpoint}}/${{{c}.database_name}}" for c in calls)
        assert there[f"DATABASE_{role.upper()}S"] == f'"{addresses}"'
    primaries = [each["DATABASE_PRIMARIES"].strip('"').split(",") for each in (here, there)]
    assert [len(each) for each in primaries] == [count, count]
    assert ("true", "true") not in list(zip(*primaries, strict=True))
    assert primaries[0][:2] == ["true", "false"]
    assert there["CACHE_HOST"] == "module.cache_us_west_2.endpoint"
    assert there["POSTED_TOPIC"] == "module.posted_us_west_2.topic_arn"
    assert there["TABLE"] == "module.table.name"
    assert there["TIMELINES"] == "module.timelines_us_west_2.name"
    assert there["DATABASE_SECRET_ARN"] == 'module.secret_us_east_1.replica_arns["us-west-2"]'
    assert set(here) == set(there)


def _block(root: str, name: str) -> str:
    """The text of one call of a module."""
    return root.partition(f'module "{name}" {{')[2].partition("\n}\n")[0]


def test_the_names_of_the_settings_are_those_that_the_servers_read():
    block = _block(render(made().architecture)["main.tf"], "app_us_east_1")
    names = set(re.findall(r"^\s+([A-Z_]+)\s+= ", block, re.MULTILINE))
    words = dict.fromkeys((*names, "NAME", "AWS_REGION", "LISTEN", "PORT", "DATABASE_SSL_MODE"), "1")
    told = words | {"DATABASE_PRIMARIES": "true"}
    assert WorldSettings.from_environment(told).cache_name == "1"
    for name in names:
        with pytest.raises(KeyError, match=name):
            WorldSettings.from_environment({k: v for k, v in told.items() if k != name})


def test_posts_of_each_region_come_to_the_queues_of_all():
    root = render(made().architecture)["main.tf"]
    posted = call(root, '"posted_us_west_2"')
    assert posted["queues_elsewhere"] == {
        region: f'${{module.posted_{region.replace("-", "_")}.queue_arns["fan-out"]}}'
        for region in ("us-east-1", "eu-west-1")
    }
    topics = ["${module.posted_us_east_1.topic_arn}", "${module.posted_eu_west_1.topic_arn}"]
    assert posted["topic_arns_elsewhere"] == topics
    assert "queues_elsewhere" not in call(root, '"uploaded_us_west_2"')
    fan_out = _block(root, "fan_out_function_us_west_2")
    assert "TIMELINES" in fan_out
    assert "module.timelines_us_west_2.arn" in fan_out


def test_servers_may_sign_uploads_and_publish_no_picture_themselves():
    block = _block(render(made().architecture)["main.tf"], "app_us_west_2")
    assert 'writes = { uploads = "${module.media_us_west_2.bucket_arn}/uploads/*" }' in block
    assert "/media/*" not in block


def test_only_the_distribution_reaches_the_load_balancers():
    root = render(made().architecture)["main.tf"]
    for region in ("us_east_1", "us_west_2"):
        header = call(root, f'"web_{region}"')["required_header"]
        assert header == {"name": "${module.cdn.origin_header}", "value": "${module.cdn.origin_key}"}
        assert "required_header" not in call(root, f'"app_{region}"')
    assert "origin_key" not in render(made().architecture)["outputs.tf"]


def test_pages_are_in_every_region_and_may_upload_to_each():
    root = render(made().architecture)["main.tf"]
    for region in ("us_east_1", "us_west_2", "eu_west_1"):
        assert call(root, f'"media_{region}"')["content"] == '"${path.module}/site"'
    cdn = _block(root, "cdn")
    for region in ("us_east_1", "us_west_2", "eu_west_1"):
        assert f'"https://${{module.media_{region}.bucket_regional_domain_name}}"' in cdn
    assert "paths" not in cdn
