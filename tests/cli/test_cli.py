from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from groma.cli import main
from groma.cli.app import COMMANDS
from workloads import EXAMPLE, MINIMAL, ROOT


def groma(*arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The command as a person runs it: a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "groma.cli", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        input=stdin,
        env={**os.environ, "NO_COLOR": "1"},
    )


def within(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same in this process, which has imported everything already."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch.object(sys, "argv", ["groma", *arguments]),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """What `groma build` makes of the example, once for all tests that read it."""
    folder = tmp_path_factory.mktemp("built")
    done = groma("build", str(EXAMPLE), "-o", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_every_command_has_help_and_a_row_in_the_readme(tmp_path):
    text = groma("--help", cwd=tmp_path).stdout
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Commands")[2].partition("\n## ")[0]
    for command in [each.__name__ for each in COMMANDS]:
        assert command in text
        assert within(command, "--help", cwd=tmp_path).returncode == 0
        assert f"`groma {command}" in table or command == "setup"


def test_plan_answers_with_what_others_rely_on(tmp_path):
    done = groma("plan", str(EXAMPLE), "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert plan["workload"]["name"] == "chirp"
    for component in plan["architecture"]["components"]:
        assert {"id", "kind", "label", "place"} <= set(component)
    assert plan["architecture"]["links"]
    assert set(plan["sizes"]) == {"web", "app", "database"}
    for size in plan["sizes"].values():
        assert {"instance_type", "min", "desired", "max"} <= set(size)
    assert {"p50", "p95", "p99"} <= set(plan["latency_ms"])
    assert 0.9995 < plan["availability"] < 1
    line = plan["bill"]["lines"][0]
    assert {"component", "item", "quantity", "unit", "unit_usd", "monthly_usd", "source", "as_of"} <= set(
        line
    )
    assert plan["bill"]["monthly_usd"] == pytest.approx(
        sum(line["monthly_usd"] for line in plan["bill"]["lines"]), abs=0.01
    )
    assert plan["bill"]["unknown"] == []
    assert plan["decisions"]
    assert plan["rejected"]


@pytest.mark.slow
def test_plan_tells_a_person_the_same(tmp_path):
    done = groma("plan", str(EXAMPLE), cwd=tmp_path)
    assert done.returncode == 0
    for word in ("SIZES", "GOALS", "MONEY", "HANGS ON", "warning: ", "next: groma up"):
        assert word in done.stdout
    whole = within("plan", str(EXAMPLE), "--all", cwd=tmp_path).stdout
    for word in ("Sizes", "Goals", "Bill", "Hangs on guesses", "Decided", "Rejected", "next: groma up"):
        assert word in whole
    parts = within("plan", str(EXAMPLE), "--bill", "--rejected", cwd=tmp_path).stdout
    assert [word in parts for word in ("Bill", "Rejected", "Decided", "next: ")] == [True, True, False, False]


@pytest.mark.slow
def test_plan_answers_why_and_what_else(tmp_path):
    why = groma("plan", str(EXAMPLE), "--why", "database", cwd=tmp_path)
    assert why.returncode == 0, why.stderr
    assert "memory" in why.stdout
    assert "cheapest of another family" in why.stdout
    wrong = within("plan", str(EXAMPLE), "--why", "queue", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "web, app, database" in wrong.stderr
    both = within("plan", str(EXAMPLE), "--why", "web", "--ranges", cwd=tmp_path)
    assert both.returncode == 2
    assert "--why and --ranges" in both.stderr


@pytest.mark.slow
def test_plan_compares(tmp_path, example_candidates):
    """The candidates, which take longest, are made once."""
    with patch("groma.questions.alternatives.candidates", return_value=example_candidates):
        for arguments in (("--ranges",), ("--alternatives", "--plot", "front.png")):
            told = within("plan", str(EXAMPLE), *arguments, cwd=tmp_path)
            assert told.returncode == 0, told.stderr
            assert "db.t4g.large" in told.stdout
    assert (tmp_path / "front.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_plan_and_build_spend_a_budget_alike(tmp_path):
    said = within("plan", str(EXAMPLE), "--budget", "3000", "--json", cwd=tmp_path)
    money = json.loads(said.stdout)["budget"]
    assert money["usd_per_month"] <= money["budget_usd_per_month"] == 3000
    built = within("build", str(EXAMPLE), "--budget", "3000", "-o", "out", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    assert json.loads((tmp_path / "out" / "plan.json").read_text()) == json.loads(said.stdout)
    small = within("plan", str(EXAMPLE), "--budget", "10", cwd=tmp_path)
    assert small.returncode == 1
    assert "too little" in small.stderr
    none = within("plan", str(EXAMPLE), "--budget", "-5", cwd=tmp_path)
    assert none.returncode == 2
    assert "--budget" in none.stderr


@pytest.mark.slow
def test_growth_draws(tmp_path):
    grown = groma("growth", str(EXAMPLE), "--to", "100_000", "--json", "--plot", "g.svg", cwd=tmp_path)
    assert grown.returncode == 0, grown.stderr
    assert json.loads(grown.stdout)["stages"][0]["breaks"]["tier"] == "database"
    assert "<svg" in (tmp_path / "g.svg").read_text()[:1000]
    wrong = within("growth", str(EXAMPLE), "--plot", "g.gif", cwd=tmp_path)
    assert wrong.returncode == 2
    assert [p.name for p in tmp_path.glob("*.gif")] == []


@pytest.mark.slow
def test_build_writes_everything(built):
    assert json.loads((built / "plan.json").read_text())["workload"]["name"] == "chirp"
    assert (built / "bill.csv").read_text().startswith("component,item,")
    assert "<svg" in (built / "diagram.svg").read_text()
    assert (built / "diagram.png").read_bytes().startswith(b"\x89PNG")
    assert (built / "terraform" / "main.tf").is_file()


@pytest.mark.slow
def test_build_twice_gives_the_same_bytes(built, tmp_path):
    assert groma("build", str(EXAMPLE), "-o", "two", cwd=tmp_path).returncode == 0
    files = [p.relative_to(built) for p in built.rglob("*") if p.is_file()]
    assert files
    for file in files:
        assert (built / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


@pytest.mark.slow
def test_init_writes_a_file_that_can_be_planned(tmp_path):
    done = groma("init", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    first = (tmp_path / "groma.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=groma.schema.json"
    json.loads((tmp_path / "groma.schema.json").read_text())
    assert groma("plan", cwd=tmp_path).returncode == 0
    again = groma("init", cwd=tmp_path)
    assert again.returncode == 2
    assert "there already" in again.stderr


@pytest.mark.slow
def test_draw_by_extension(tmp_path):
    for suffix, start in {"png": b"\x89PNG", "pdf": b"%PDF-", "drawio": b"<?xml", "svg": b"<svg "}.items():
        done = within("draw", str(EXAMPLE), "-o", f"a.{suffix}", "--scale", "0.5", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / f"a.{suffix}").read_bytes().startswith(start)
    wrong = within("draw", str(EXAMPLE), "-o", "a.gif", cwd=tmp_path)
    assert wrong.returncode == 2
    assert ".svg, .png, .pdf or .drawio" in wrong.stderr


@pytest.mark.slow
def test_draw_shows_costs_and_load_on_request(tmp_path):
    done = groma("draw", str(EXAMPLE), "--costs", "--load", "--dark", "--lint", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    svg = (tmp_path / "arch.svg").read_text()
    for words in (" / month</text>", "/s at peak</text>", " % busy</text>", 'fill="#11181F"'):
        assert words in svg
    for words in ("Every component is drawn exactly once", "crossings, ", " per link"):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ("nonsense: 1\n", 2, ["w.yaml:4: nonsense", "allowed:"]),
        ("regions: [mars-1]\n", 2, ["w.yaml:4: regions", "mars-1"]),
        ("slo: {p99_ms: 1}\n", 1, ["p99 of 1 ms", "hint:"]),
        ("budget_usd_per_month: 5\n", 1, ["w.yaml:4: budget_usd_per_month", "$5.00", "hint:"]),
        ("users: {total: 1}\n", 2, ["w.yaml"]),
        ("slo: [\n", 2, ["not valid YAML"]),
    ],
)
@pytest.mark.parametrize("command", [("plan",), ("build", "-o", "out"), ("up",)])
def test_bad_input_is_an_error_without_traceback_and_nothing_is_written(tmp_path, command, more, code, words):
    (tmp_path / "w.yaml").write_text(MINIMAL + more)
    done = within(command[0], "w.yaml", *command[1:], cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    for word in words:
        assert word in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["w.yaml"]


def test_wrong_use_is_exit_code_2(tmp_path):
    assert within("plan", "--nonsense", cwd=tmp_path).returncode == 2
    assert within("plan", "missing.yaml", cwd=tmp_path).returncode == 2
    assert within("verify", str(EXAMPLE), cwd=tmp_path).returncode == 2
    assert within("status", str(EXAMPLE), cwd=tmp_path).returncode == 2


@pytest.mark.slow
def test_down_of_nothing_is_done(tmp_path):
    done = groma("down", str(EXAMPLE), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "nothing of chirp" in done.stdout


@pytest.mark.slow
def test_the_library_says_the_same_as_the_command_line():
    code = f"""
import groma, groma.design, groma.bill
d = groma.design(groma.load({str(EXAMPLE)!r}))
assert groma.bill(d.architecture).monthly_usd.likely > 0
assert groma.check(d.architecture)
assert "main.tf" in groma.render(d.architecture)
assert groma.draw(d).lstrip().startswith("<")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


HEAVY = ("numpy", "boto3", "pydantic", "rich")


@pytest.mark.parametrize(
    ("module", "heavy"), [("groma", HEAVY), ("groma.cli", HEAVY), ("groma.live.last_drills", ("numba",))]
)
def test_importing_groma_imports_nothing_heavy(module, heavy):
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_plan_loads_nothing_that_draws_watches_or_provisions(tmp_path):
    rooms = ("groma.terraform", "groma.monitoring", "groma.diagram", "groma.simulation", "boto3", "numba")
    code = f"""
import contextlib, io, sys
from groma.cli import main
sys.argv = ["groma", "plan", {str(EXAMPLE)!r}]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
print([room for room in {rooms} if room in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


@pytest.mark.slow
def test_month_and_purchase_of_a_plan(tmp_path):
    usual = json.loads(within("plan", str(EXAMPLE), "--json", cwd=tmp_path).stdout)["bill"]
    assert (usual["hours"], usual["purchase"]) == (730, "on-demand")
    more = ("--month", "2026-11", "--purchase", "mixed", "--json")
    done = groma("plan", str(EXAMPLE), *more, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert (plan["bill"]["hours"], plan["bill"]["purchase"]) == (720, "mixed")
    assert plan["bill"]["monthly_usd"] < usual["monthly_usd"]
    assert any("reserved 1 year" in line["item"] for line in plan["bill"]["lines"])
    shown = within("plan", str(EXAMPLE), *more[:-1], cwd=tmp_path).stdout
    assert "November 2026, 720 hours" in shown
    wrong = within("plan", str(EXAMPLE), "--month", "november", cwd=tmp_path)
    assert (wrong.returncode, "730h" in wrong.stderr) == (2, True)
    assert within("plan", str(EXAMPLE), "--purchase", "spot", cwd=tmp_path).returncode == 2


@pytest.mark.slow
def test_a_plan_for_an_account_that_uses_its_allowances_up_elsewhere(tmp_path):
    usual, whole = (
        json.loads(within("plan", str(EXAMPLE), *more, "--json", cwd=tmp_path).stdout)["bill"]
        for more in ((), ("--no-free-tier",))
    )
    assert (usual["free_tier"], whole["free_tier"]) == (True, False)
    assert whole["monthly_usd"] > usual["monthly_usd"] + 80  # a terabyte of CloudFront alone is $87


@pytest.mark.slow
def test_build_bills_the_month_and_purchase_that_are_asked_for(tmp_path):
    more = ("--month", "2026-11", "--purchase", "reserved-3y", "-o", "out")
    assert within("build", str(EXAMPLE), *more, cwd=tmp_path).returncode == 0
    assert "t4g.small reserved 3 years,1440," in (tmp_path / "out" / "bill.csv").read_text()
    assert json.loads((tmp_path / "out" / "plan.json").read_text())["bill"]["hours"] == 720


@pytest.mark.slow
def test_where_a_price_is_missing_the_line_is_unknown_and_the_total_at_least(tmp_path):
    (tmp_path / "w.yaml").write_text(MINIMAL + "regions: [us-east-2]\n")
    shown = within("plan", "w.yaml", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "unknown" in shown.stdout
    assert "at least $" in shown.stdout
    plan = json.loads(within("plan", "w.yaml", "--json", cwd=tmp_path).stdout)
    assert "web-lb: load balancer hours" in plan["bill"]["unknown"]
    lines = {f"{line['component']}: {line['item']}": line for line in plan["bill"]["lines"]}
    for name in plan["bill"]["unknown"]:
        assert lines[name]["monthly_usd"] is None
