"""What to doubt of a plan: which users it counts, what hangs on guesses, how often its goals are kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from groma.design import Design
from groma.installation.processors import together
from groma.questions.guesses import Guesses, Ranking
from groma.questions.odds import Odds, odds
from groma.questions.readings import Readings, readings
from groma.workload import KINDS


@dataclass(frozen=True)
class Doubts:
    """The three; None where nothing is sized by load, odds also where there are no servers or no ranges."""

    readings: Readings | None = None
    guesses: Guesses | None = None
    odds: Odds | None = None


@lru_cache(maxsize=16)
def doubts(made: Design) -> Doubts:
    """What to doubt of a design, asked on all processors at once."""
    if not KINDS[made.workload.blueprint].has_load:
        return Doubts()
    ranking = Ranking(made)
    first, counted, chance, missing = together(
        ranking.first, lambda: readings(made), lambda: odds(made), ranking.missing
    )
    return Doubts(counted, ranking.told(first, missing), chance)
