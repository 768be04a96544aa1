"""Overload that stays is found where it is built in, and is gone where what makes it stay is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groma.errors import InputError
from groma.simulation import overload
from groma.simulation.network import Behaviour
from groma.simulation.overload import IMPATIENT, UNKEPT, Comeback, Trial, comeback, of_scene
from groma.simulation.scene import Assumed, Scene, scenes_of
from workloads import designed_example

MADE = designed_example("social-50k")
REAL = scenes_of(MADE, Assumed())[0]


def fixed(scene: Scene, load: float) -> Scene:
    """Groups that cannot grow, at a share of the planned load."""
    rows = tuple(
        replace(row, size=replace(row.size, min=row.size.desired, max=row.size.desired)) for row in scene.rows
    )
    return replace(scene, rows=rows, peak_per_s=scene.peak_per_s * load)


def told(scene: Scene, clients: Behaviour, *triggers: float) -> Comeback:
    return of_scene(scene, "chirp", clients, 1, lambda _: None, triggers)


@pytest.mark.slow
def test_retries_without_a_budget_keep_an_overload_up_and_with_one_they_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(overload, "RELIEFS", (0.25,))
    monkeypatch.setattr(overload, "QUEUES", (64,))
    busy = fixed(REAL, 2.0)
    found = told(busy, IMPATIENT, 2.0)
    assert found.falls == 2.0
    assert not found.ok
    assert found.trials[0].unkept > 0.9, "all of it stays down"
    assert (found.relief, found.queue) == (0.25, 64), "both that were tried help"
    paid = told(busy, replace(IMPATIENT, budget=0.1), 2.0)
    assert paid.falls is None
    assert paid.ok


def test_a_cache_that_goes_cold_at_peak_never_fills_where_all_depends_on_it() -> None:
    def cached(hits: float, reads: float) -> Scene:
        app = next(at for at, row in enumerate(REAL.rows) if row.name == "app")
        kinds = tuple(
            replace(
                kind,
                visits=tuple(
                    replace(v, reads=v.reads * reads, hits=hits) if at == app else v
                    for at, v in enumerate(kind.visits)
                ),
            )
            for kind in REAL.kinds
        )
        return fixed(replace(REAL, kinds=kinds), 1.0)

    needed, spared = told(cached(0.97, 30.0), IMPATIENT), told(cached(0.3, 1.0), IMPATIENT)
    assert needed.cold is not None
    assert needed.cold > UNKEPT
    assert spared.cold is not None
    assert spared.cold <= UNKEPT
    assert "until it is warm" in str(needed.words())


def test_functions_are_refused_and_what_came_is_told() -> None:
    with pytest.raises(InputError, match="no queue"):
        comeback(designed_example("social-serverless"), IMPATIENT, 1, lambda _: None)
    found = Comeback("chirp", IMPATIENT, (Trial(2.0, 0.001), Trial(3.0, 0.4)), relief=0.5, queue=16)
    assert (found.stands, found.falls, found.ok) == (2.0, 3.0, False)
    lines = " ".join(str(each) for each in found.words().lines)
    assert "50% of the peak" in lines
    assert "16 requests wait" in lines
