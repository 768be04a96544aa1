"""The servers over a real cache, which comes and goes."""

from __future__ import annotations

import pytest
from cache_clients import LONGEST_S, asked, took_s
from dict_cache import DictCache
from functions_cloud import Cloud
from postgres import Cluster, wait_until
from valkey.credentials import UsernamePasswordCredentialProvider
from valkey_server import let_in, valkey_cluster
from world_region import Here, host_of, variables

from chirp.servers.cache import Cache

pytestmark = pytest.mark.slow


def test_a_real_cache_answers_and_its_loss_is_not_noticed(
    databases: Cluster, cloud: Cloud, fresh_names: list[str]
) -> None:
    with valkey_cluster() as (node,):
        let_in(node)
        cache = Cache("127.0.0.1", node.port, UsernamePasswordCredentialProvider("chirp-app", "x"), tls=False)
        host = host_of(databases, cloud, variables(databases, fresh_names), cache)
        try:
            host.prepare()
            host._preparation.done = True
            here = Here(host, DictCache(), cloud)
            wait_until(lambda: cache.standing, "the cache is connected to")
            person = here.app.person()
            databases.settle()
            path = f"/api/users/{person.handle}"
            assert here.app.call("GET", path).content["followers"] == 0
            assert node.run("GET", f"profile:{person.handle}") == b"[0,0]"
            node.run("SET", f"profile:{person.handle}", b"[41,0]")
            assert here.app.call("GET", path).content["followers"] == 41, "the cache is asked first"
            here.app.person().follows(person)
            databases.settle()
            assert here.app.call("GET", path).content["followers"] == 1, "a write has made it forget"
            statuses: list[int] = []
            with node.hanging():
                assert (
                    took_s(lambda: statuses.extend(here.app.call("GET", path).status for _ in range(10)))
                    < LONGEST_S
                )
                assert (
                    asked(lambda: statuses.extend(here.app.call("GET", path).status for _ in range(10))) == 0
                )
                assert statuses == [200] * 20
            node.kill()
            assert [here.app.call("GET", path).status for _ in range(5)] == [200] * 5
            assert person.says("without a cache")
        finally:
            host.stop()
