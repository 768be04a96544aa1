"""What chance leaves of a count: one failed request of thirty says nothing, thirty of a thousand do."""

from __future__ import annotations

SURE = 2
"""By so many standard deviations a count must be beyond a limit, to be beyond it surely: where it is just as
large as may be, that is so in at most 1 of 44 windows."""
LEFT_TO_CHANCE = f"{SURE} standard deviations are left to chance"


def share_surely(count: str, asked: str) -> str:
    """Metric math: the share of what was asked for that surely failed, or was slow, in percent.

    Of n a count c scatters by √(c·(1 - c/n)) (binomial). So it is (c - 2·√(c·(1 - c/n))) / n: of five of five
    100 %, of 30 of 1,000 1.9 %, of 3,000 of a hundred thousand 2.9 %; of up to four 0.

    Args:
        count, asked: expressions that always have a value: `FILL(errors, 0)`. Some services do not count as
            asked for what they turn away at once: where more fails than was asked for, it is asked for, too.
    """
    of = f"IF({count} > {asked}, {count}, {asked})"
    share = f"100 * ({count} - {SURE} * ({count} * (1 - {count} / {of})) ^ 0.5) / {of}"
    return f"IF({count} > {SURE**2}, {share}, 0)"
