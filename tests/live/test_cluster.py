"""A Dask cluster as a crew: a real scheduler and two workers on this machine, and what can become of them."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from distributed import Client, LocalCluster

from groma.cli import main
from groma.errors import CloudError, InputError
from groma.live import cluster
from groma.live.cluster import crew_at
from groma.simulation.replications import Effort
from groma.simulation.scene import Assumed
from groma.simulation.trials import try_out
from workloads import EXAMPLE, designed_example

pytestmark = pytest.mark.slow

LITTLE = Effort(most_requests=2e5, most_trials=12, most_bursts=12)


def local(workers: int) -> Any:
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
    )


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with local(2) as standing:
        yield standing.scheduler_address


def whose(number: int) -> int:
    return os.getpid()


class DiesOnce:
    """Kills the worker that makes number 1, the first time."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __call__(self, number: int) -> int:
        if number == 1 and not self.mark.exists():
            self.mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number


def len_of(number: int) -> int:
    return len(str(number))


def deadly(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_its_numbers_are_those_of_this_machine(address: str) -> None:
    made = designed_example("social-50k")
    here = try_out(made, 1, Assumed(), LITTLE)
    with crew_at(address) as crew:
        assert crew.width == 2
        assert len({*crew.made(whose, range(12))} - {os.getpid()}) == 2, "both workers work"
        there = try_out(made, 1, Assumed(), LITTLE, crew)
    assert (there.p99_s, there.by_class_s, there.burst_s) == (here.p99_s, here.by_class_s, here.burst_s)
    assert (there.unkept, there.replications) == (here.unkept, here.replications)


def test_a_worker_that_dies_is_survived(address: str, tmp_path: Path) -> None:
    with crew_at(address) as crew:
        assert crew.made(DiesOnce(tmp_path / "mark"), range(6)) == [0, 1, 4, 9, 16, 25]
    assert (tmp_path / "mark").exists()


def test_what_kills_whoever_makes_it_is_given_up(address: str) -> None:
    with crew_at(address) as crew, pytest.raises(CloudError, match="too many workers died"):
        crew.made(deadly, range(1))


@pytest.mark.parametrize(
    ("has", "said"),
    [(b"other", "has another version of Groma"), (ImportError("No module named 'groma'"), "has no Groma")],
)
def test_a_worker_with_another_groma_or_none_is_refused(
    has: object, said: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client, "run", lambda *_, **__: {"tcp://10.0.0.7:1": has})
    with pytest.raises(CloudError, match=said), crew_at(address):
        pass


def test_a_cluster_without_workers_is_refused_and_one_that_loses_them_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "ALONE_S", 1.0)
    with local(1) as standing:
        with crew_at(standing.scheduler_address) as crew:
            standing.scale(0)
            with pytest.raises(CloudError, match="the last worker of the cluster is gone"):
                crew.made(whose, range(2))
        with (
            pytest.raises(CloudError, match="the cluster has no workers"),
            crew_at(standing.scheduler_address),
        ):
            pass


def test_a_scheduler_that_is_gone_is_an_error_with_what_to_do() -> None:
    standing = local(1)
    with crew_at(standing.scheduler_address) as crew:
        assert crew.made(len_of, range(2)) == [1, 1]
        standing.close()
        with pytest.raises(CloudError, match=r"is gone|has no workers") as error:
            crew.made(len_of, range(2))
    assert "dask worker" in error.value.hint


def test_tls_without_a_configuration_is_an_error() -> None:
    with pytest.raises(CloudError), crew_at("tls://127.0.0.1:1"):
        pass


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "http://127.0.0.1:8786", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="no address of a scheduler"), crew_at(address):
        pass


def test_where_nobody_answers_it_is_said_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*options: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["groma", "plan", str(EXAMPLE), *options])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return end.value.code, capsys.readouterr().err

    monkeypatch.setattr(cluster, "ANSWERS_WITHIN_S", 1)
    with closing(socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        code, said = told("--certify", "--cluster", address)
    assert code == 3
    assert f"{address}: no scheduler answers" in said
    assert "dask scheduler" in said
    code, said = told("--cluster", address)
    assert code == 2
    assert "add --certify" in said
