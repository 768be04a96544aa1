"""Drills of workloads that are no examples: a profile, users, goals and a blueprint, all at random.

    python tests/questions/drills/drawn_drills.py 40 [--seed N]

designs so many of them, tries every alarm of each, and tells what is not as promised. That nothing keeps a
goal is no fault.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[3] / "src")]

from groma.design import design
from groma.errors import Infeasible
from groma.questions.drills.asking import Asked, drilled
from groma.questions.drills.watching import guards_of
from groma.workload import parse

PROFILES = ("api", "content-site", "saas", "social-media", "web-shop")
BLUEPRINTS = {
    "three-tier": "",
    "containers": "application: {image: acme/app:1.4, port: 8000, health: /up}\n",
    "serverless": "domain: app.acme.dev\n",
}
FEWEST, MOST = 500, 300_000
"""Users a day, of whom as many are drawn between 500 and 5,000 as between 5,000 and 50,000."""


def drawn(chance: Random) -> str:
    """A workload file in one region."""
    blueprint = chance.choice(list(BLUEPRINTS))
    availability = 0.998 if blueprint == "serverless" else chance.choice([0.999, 0.9995])
    return (
        f"name: drawn\nblueprint: {blueprint}\nprofile: {chance.choice(PROFILES)}\n"
        f"users: {{daily: {round(math.exp(chance.uniform(math.log(FEWEST), math.log(MOST))))}}}\n"
        f"slo: {{p99_ms: {chance.choice([300, 500, 900])}, availability: {availability}}}\n"
        f"alerts: ops@example.com\n{BLUEPRINTS[blueprint]}"
    )


def main() -> int:
    """Exit code 1: something is not as promised."""
    asking = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asking.add_argument("count", type=int)
    asking.add_argument("--seed", type=int, default=1)
    asked = asking.parse_args()
    bad = 0
    for number in range(asked.seed, asked.seed + asked.count):
        text = drawn(Random(number))
        try:
            made = design(parse(text), reasons=False)
        except Infeasible as error:
            print(f"{number}: {error.what}; {error.hint}", flush=True)
            continue
        found = drilled(made, guards_of(made.architecture), "of the plan", Asked(), lambda _: None)
        wrong = [f"{each.fault.name}: {'; '.join(each.wrong)}" for each in found.drills if not each.ok]
        print(f"{number}: {len(found.drills)} drills, {len(wrong)} not as promised", flush=True)
        if wrong:
            bad += 1
            print(text, *wrong, sep="\n", flush=True)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
