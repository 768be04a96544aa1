"""`groma prices` on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from price_list import small_list
from price_server import serving

pytestmark = pytest.mark.slow  # processes, each of which imports everything


def groma(*arguments: str, prices: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "groma.cli", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "GROMA_PRICES": str(prices)},
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "m7g.large",
            ["0.0816", "59.57", "reserved-1y", "0.054", "reserved-3y", "spot (advice)", "2026-07-20"],
        ),
        ("db.m7g.large", ["postgres single-az on-demand", "0.168", "mysql multi-az reserved-3y", "unknown"]),
        ("cache.m7g.large", ["valkey on-demand", "0.1264", "redis reserved-1y"]),
        ("natgateway/hour", ["0.045", "32.85", "source: AWS"]),
        ("datatransfer/internet_out", ["free allowance", "10,240", "0.085"]),
    ],
)
def test_show_says_every_price_with_source_and_date(tmp_path, name, words):
    done = groma("prices", "show", name, "--region", "us-east-1", prices=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in words:
        assert word in done.stdout


def test_show_for_machines(tmp_path):
    done = groma("prices", "show", "m7g.large", "--region", "eu-west-1", "--json", prices=tmp_path)
    shown = json.loads(done.stdout)
    assert (shown["name"], shown["region"]) == ("m7g.large", "eu-west-1")
    by_what = {price["what"]: price for price in shown["prices"]}
    assert by_what["on-demand"]["usd"] == 0.091
    assert by_what["on-demand"]["as_of"] == "2025-11-03"
    assert by_what["spot (advice)"]["usd"] is None
    assert "below on demand" in by_what["spot (advice)"]["note"]


def test_a_price_that_is_missing_is_unknown(tmp_path):
    done = groma("prices", "show", "elb/alb_hour", "--region", "us-east-2", prices=tmp_path)
    assert done.returncode == 0
    assert "unknown" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("m7g.larg",), ["no instance type 'm7g.larg'", "m7g.large"]),
        (("nat/hour",), ["no unit price 'nat hour'", "natgateway hour"]),
        (("m7g.large", "--region", "us-est-1"), ["no region 'us-est-1'", "us-east-1"]),
    ],
)
def test_unknown_names_are_refused_with_near_ones(tmp_path, arguments, words):
    done = groma("prices", "show", *arguments, prices=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_refresh_then_show(tmp_path):
    with serving(small_list()) as served:
        done = groma("prices", "refresh", "--region", "us-east-1", "--url", served.url, prices=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "published 2026-11-20" in done.stdout
    shown = groma("prices", "show", "m7g.large", prices=tmp_path).stdout
    assert "0.07 " in shown
    assert "source: AWS public price list, offer AmazonEC2" in shown


def test_a_refresh_that_fails_says_so_and_changes_nothing(tmp_path):
    with serving(small_list()) as served:
        served.cut[served.path("AmazonRDS")] = 100
        done = groma("prices", "refresh", "--url", served.url, prices=tmp_path)
    assert done.returncode == 3
    assert "broke off after 100 of" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
