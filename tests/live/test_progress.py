from __future__ import annotations

import io
from functools import reduce

import pytest

from groma.live.progress import (
    ProgressState,
    advance,
    closing_line,
    draw,
    duration,
    plain_line,
    show_progress,
)
from groma.live.terraform_cli import (
    ApplyComplete,
    ApplyErrored,
    ApplyProgress,
    ApplyStart,
    ChangeSummary,
    Diagnostic,
    Message,
    PlannedChange,
    RawLine,
    RefreshComplete,
    RefreshStart,
    Stopping,
    Tick,
    Version,
)

MASTER = "module.database.aws_db_instance.master"


def after(*events) -> ProgressState:
    return reduce(advance, events, ProgressState())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_resources_are_counted_when_they_are_done():
    planned = [PlannedChange(100.0, name, "create") for name in "abc"]
    state = after(*planned, ApplyStart(101.0, "a", "create"), ApplyComplete(103.0, "a", "create", 2.0, "id"))
    assert (state.done, state.planned) == (1, 3)
    assert state.waiting == {}


def test_a_resource_planned_twice_counts_once():
    state = after(PlannedChange(100.0, "a", "create"), PlannedChange(101.0, "a", "create"))
    assert state.planned == 1


@pytest.mark.parametrize("action", ["read", "noop", "move", "forget"])
def test_what_changes_nothing_in_the_cloud_does_not_count(action):
    assert after(PlannedChange(100.0, "a", action)).planned == 0


@pytest.mark.parametrize("order", [("delete", "create"), ("create", "delete")])
def test_a_replacement_is_done_after_both_its_steps(order):
    first, second = order
    state = after(PlannedChange(100.0, "a", "replace"), ApplyComplete(101.0, "a", first, 1.0))
    assert state.done == 0
    assert advance(state, ApplyComplete(102.0, "a", second, 1.0)).done == 1


def test_the_longest_wait_comes_first_and_lasts_from_its_start():
    state = after(
        ApplyStart(100.0, "new", "create"),
        ApplyProgress(130.0, "old", "create", 60.0),
        ApplyProgress(130.0, "new", "create", 30.0),
        Tick(135.0),
    )
    assert [(name, state.now_s - each.since_s) for name, each in state.longest_waiting] == [
        ("old", 65.0),
        ("new", 35.0),
    ]


def test_a_failed_resource_is_not_done_and_not_waited_for():
    state = after(
        PlannedChange(100.0, "a", "create"),
        ApplyStart(100.0, "a", "create"),
        ApplyErrored(104.0, "a", "create", 4.0),
    )
    assert (state.done, state.planned, state.failed, state.waiting) == (0, 1, {"a"}, {})


def test_the_clock_never_goes_back_and_starts_with_the_first_event():
    state = after(
        RawLine(0.0, "?"),
        Version(100.0, "1.11.4"),
        Tick(110.0),
        Message(105.0, "log", "late"),
        RawLine(0.0, "?"),
    )
    assert (state.started_s, state.now_s, state.elapsed_s) == (100.0, 110.0, 10.0)


def test_reading_the_cloud_is_counted():
    state = after(RefreshStart(100.0, "a"), RefreshStart(100.0, "b"), RefreshComplete(101.0, "a"))
    assert (state.refreshing, state.refreshed) == (1, 1)


def test_events_do_not_alter_earlier_states():
    before = after(PlannedChange(100.0, "a", "create"), ApplyStart(100.0, "a", "create"))
    advance(before, ApplyComplete(101.0, "a", "create", 1.0))
    assert before.done == 0
    assert list(before.waiting) == ["a"]


def test_a_line_tells_the_counts_the_longest_wait_and_the_time():
    state = after(
        PlannedChange(100.0, MASTER, "create"),
        PlannedChange(100.0, "b", "create"),
        ApplyStart(100.0, MASTER, "create"),
        ApplyStart(110.0, "b", "create"),
        Tick(165.0),
    )
    line = plain_line("Provisioning", state)
    assert line == f"[1:05] Provisioning: 0 of 2 resources, creating {MASTER} (1:05) and 1 more"


@pytest.mark.parametrize(
    ("events", "line"),
    [
        ([], "Working: 0:00"),
        ([Version(100.0, "1.11.4"), Tick(103.0)], "Working: 0:03"),
        ([RefreshStart(100.0, "a"), RefreshComplete(102.0, "a")], "Working: 1 resource read in 0:02"),
        (
            [
                RefreshComplete(100.0, "a"),
                PlannedChange(102.0, "b", "delete"),
                ChangeSummary(102.0, "plan", 0, 0, 1),
            ],
            "Working: 1 resource to change in 0:02",
        ),
        (
            [
                PlannedChange(100.0, "a", "create"),
                PlannedChange(100.0, "b", "create"),
                ApplyStart(100.0, "a", "create"),
                ApplyErrored(130.0, "a", "create", 30.0),
                Diagnostic(130.0, "error", "no"),
            ],
            "Working: 0 of 2 resources in 0:30, 1 failed",
        ),
        ([Diagnostic(100.0, "error", "no"), Diagnostic(100.0, "warning", "old")], "Working: 0:00, 1 error"),
        ([Tick(100.0), Stopping(104.0, by_force=False)], "Working: 0:04, stopped"),
        (
            [Tick(100.0), Stopping(104.0, by_force=False), Stopping(105.0, by_force=True)],
            "Working: 0:05, killed",
        ),
    ],
)
def test_the_closing_line_sums_up(events, line):
    assert closing_line("Working", after(*events)) == line


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.9, "0:59"), (60, "1:00"), (3600, "1:00:00"), (-3, "0:00")]
)
def test_durations_are_minutes_and_seconds(seconds, text):
    assert duration(seconds) == text


def test_without_a_terminal_a_line_is_written_when_something_happens_or_is_waited_for_for_long():
    out = io.StringIO()
    with show_progress("Provisioning", stream=out, every_s=5.0) as on_event:
        on_event(PlannedChange(100.0, "a", "create"))
        on_event(ApplyStart(100.0, "a", "create"))
        on_event(PlannedChange(100.0, "b", "update"))
        for second in range(101, 112):
            on_event(Tick(float(second)))
        on_event(ApplyComplete(112.0, "a", "create", 12.0))
        on_event(ApplyStart(112.0, "data.c", "read"))
        on_event(ApplyComplete(113.0, "data.c", "read", 1.0))
        on_event(ApplyErrored(114.0, "b", "update", 2.0))
    assert out.getvalue().splitlines() == [
        "[0:05] Provisioning: 0 of 2 resources, creating a (0:05)",
        "[0:10] Provisioning: 0 of 2 resources, creating a (0:10)",
        "[0:12] Provisioning: 1 of 2 resources, created a in 0:12",
        "[0:14] Provisioning: 1 of 2 resources, failed b after 0:02",
        "Provisioning: 1 of 2 resources in 0:14, 1 failed",
    ]


def test_being_asked_to_stop_is_written_at_once():
    out = io.StringIO()
    with show_progress("Provisioning", stream=out) as on_event:
        on_event(Tick(100.0))
        on_event(Stopping(100.5, by_force=False))
    assert out.getvalue().splitlines()[0] == "[0:00] Provisioning: stopping"


def test_the_closing_line_is_written_when_the_operation_fails():
    out = io.StringIO()
    with pytest.raises(RuntimeError), show_progress("Provisioning", stream=out):
        raise RuntimeError
    assert out.getvalue() == "Provisioning: 0:00\n"


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_quiet_shows_nothing(stream):
    out = stream()
    with show_progress("Provisioning", quiet=True, stream=out) as on_event:
        on_event(PlannedChange(100.0, "a", "create"))
    assert out.getvalue() == ""


def test_it_goes_to_standard_error(capsys):
    with show_progress("Provisioning"):
        pass
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "Provisioning: 0:00\n"


def drawn(state: ProgressState, width: int = 90) -> str:
    from rich.console import Console

    console = Console(file=io.StringIO(), width=width)
    with console.capture() as capture:
        console.print(draw("Provisioning", state))
    return capture.get()


def test_the_display_shows_counts_and_what_is_waited_for():
    state = after(
        PlannedChange(100.0, MASTER, "create"),
        ApplyStart(100.0, MASTER, "create"),
        ApplyStart(103.0, "b[0]", "delete"),
        Tick(175.0),
    )
    first, *rows = drawn(state).splitlines()
    assert first.split()[0] == "Provisioning"
    assert "0 of 1 resource" in first
    assert first.split()[-1] == "1:15"
    assert [row.split() for row in rows] == [["creating", MASTER, "1:15"], ["deleting", "b[0]", "1:12"]]


def test_many_waits_are_cut_short():
    rows = drawn(after(*(ApplyStart(100.0 + n, f"r{n}", "create") for n in range(9)))).splitlines()
    assert len(rows) == 1 + 6 + 1
    assert rows[-1].strip() == "and 3 more"


def test_the_display_explains_what_a_second_interrupt_does():
    assert "Ctrl-C again kills" in drawn(after(Tick(100.0), Stopping(101.0, by_force=False)))


def test_no_line_of_the_display_is_wider_than_the_terminal():
    state = after(*(ApplyStart(100.0, f"{MASTER}.{'x' * 80}[{n}]", "create") for n in range(3)))
    assert max(len(line) for line in drawn(state, width=60).splitlines()) <= 60


def test_a_terminal_gets_the_live_display_and_keeps_the_closing_line():
    out = Terminal()
    with show_progress("Provisioning", stream=out) as on_event:
        on_event(PlannedChange(100.0, "a", "create"))
        on_event(ApplyStart(100.0, "a", "create"))
        on_event(ApplyComplete(107.0, "a", "create", 7.0))
    assert out.getvalue().endswith("Provisioning: 1 of 1 resource in 0:07\n")
