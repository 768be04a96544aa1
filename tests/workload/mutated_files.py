"""Workload files that are wrong at random: every key of the schema, with values and notations of any kind.

    python tests/workload/mutated_files.py 10000 [--plan] [--seed N]

reads that many of them, plans those that are accepted when that is asked, and tells each traceback and each
that takes over two seconds of the processor.
"""

from __future__ import annotations

import argparse
import collections
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2] / "src")]

from groma.errors import GromaError
from groma.workload import KINDS, Workload, parse
from groma.workload.load_values import Disciplines, Load
from groma.workload.model import Goals
from groma.workload.parts import RequestClass, State
from groma.workload.users import Users

MOST_CPU_S = 2.0
SECTIONS: Mapping[str, Any] = {
    "users": Users,
    "slo": Goals,
    "load": Load,
    "load.discipline": Disciplines,
    "state": State,
    "requests.browse": RequestClass,
}
KEYS = [
    *Workload.model_fields,
    *(f"{section}.{name}" for section, part in SECTIONS.items() for name in part.model_fields),
    *(
        "requests.browse",
        "requests.404",
        "requests.<script>",
        "unknown",
        "users.unknown",
        "users.total.deeper",
    ),
]
"""Every key of the schema, and some that are none."""
LIKELY = (
    "0",
    "0.01",
    "0.5",
    "1",
    "1.5",
    "20",
    "3000",
    "[0, 0.2, 1]",
    "[0.1, 0.5, 0.9]",
    "[1, 2, 4]",
    "[2, 9, 23]",
)
NUMBERS = (
    *("0", "-0.0", "1", "-1", "2", "3", "0.5", "0.999999", "1.000001", "7", "24", "25", "100", "1_000"),
    *("50_000", "10_000_000_000", "10_000_000_001", "1.0e-9", "1.0e-10", "1.0e+12", "1.0e+13", "1.0e-300"),
    *("1.0e+300", "1.0e+999", ".inf", "-.inf", ".nan", "0x10", "0o17", "0b1", "1:30", "09", "1_", "1__0"),
    *("1" + "0" * 40, "1" + "0" * 400, "-1" + "0" * 5000, "0." + "0" * 400 + "1"),
)
LISTS = (
    *(
        "[]",
        "[1]",
        "[1, 2]",
        "[0, 0, 0]",
        "[0, 0, 1]",
        "[0, 0.0001, 1]",
        "[1, 2, 3]",
        "[3, 2, 1]",
        "[1, .nan, 2]",
    ),
    *("[1.0e-9, 1, 1.0e+12]", "[a, b, c]", "[[1], [2], [3]]", "[us-east-1]", "[us-east-1, us-west-2]"),
    *(
        "[us-east-1, us-east-1]",
        "[eu-west-1, us-east-1, us-west-2]",
        "[" + "us-east-1, " * 200 + "]",
        "[0.5, 0.5]",
    ),
)
TEXTS = (
    *(
        "''",
        "x",
        "chirp",
        "starter",
        "us-east-1",
        "mars-1",
        "app.acme.dev",
        "example.com",
        "a@b.example",
        "@",
    ),
    *(
        "on",
        "off",
        "yes",
        "true",
        "null",
        "~",
        "<<",
        "=",
        "2026-11-22",
        "2026-02-30",
        "fifo",
        "mixed",
        "reserved-1y",
    ),
    *(
        "'${file(\"/etc/passwd\")}'",
        "'%{ if true }'",
        "<script>alert(1)</script>",
        "'=cmd()'",
        "'{{ x }}'",
        "'\\'",
    ),
    *(
        '"\\0"',
        '"\\a"',
        '"\\ud800"',
        '"\\uFFFE"',
        '"\\u202E"',
        '"\\u2028"',
        '"a\\nb"',
        "🙂" * 80,
        "x" * 5_000,
    ),
)
NOTATIONS = (
    *(
        "{}",
        "{a: 1}",
        "{1: 2}",
        "{[1]: 2}",
        "{? {a: b} : 3}",
        "{a: 1, a: 2}",
        "{a: {b: {c: {d: {}}}}}",
        "[" * 60,
    ),
    *(
        "!!bool first",
        "!!int first",
        "!!float ''",
        "!!null x",
        "!!str 5",
        "!!seq x",
        "!!map [1]",
        "!!set {a}",
    ),
    *("!!pairs [a: 1]", "!!omap [a: 1]", "!!binary aGk=", "!!timestamp x", "!mine x", "!!python/none ''"),
    *(
        "&a [*a]",
        "&b {<<: *b}",
        "*nobody",
        "&c 5",
        "{<<: [1]}",
        "{<<: {total: 5}}",
        "|\n  text",
        ">",
        "@",
        "`",
        "\t",
    ),
)
VALUES = (*NUMBERS, *LISTS, *TEXTS, *NOTATIONS)
PREFIXES = (
    "%YAML 1.1\n---\n",
    "%YAML 9.9\n---\n",
    "%TAG ! tag:x,2000:\n---\n",
    "---\n---\n",
    "- ",
    "\ufeff",
    "? ",
    "{",
)


def mutated(chance: Random) -> str:
    """A file that is right but for one to three of its keys, and now and then for its notation."""
    values: dict[str, str] = {"name": "chirp", "blueprint": chance.choice(list(KINDS))}
    if KINDS[values["blueprint"]].has_load:  # type: ignore[index]
        values["users.total"] = "50_000"
    if KINDS[values["blueprint"]].has_image:  # type: ignore[index]
        values["application"] = "{image: 'acme/shop:1.4', port: 8000, health: /up}"
    if KINDS[values["blueprint"]].has_domain:  # type: ignore[index]
        values["domain"] = "app.acme.dev"
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        key = chance.choice(KEYS)
        if key.startswith("requests.browse."):
            work = ("share", "web_ms", "app_ms", "reads", "writes", "query_ms")
            values |= {f"requests.browse.{each}": "1" for each in work}
        values[key] = chance.choice(chance.choice((LIKELY, LIKELY, NUMBERS, LISTS, TEXTS, NOTATIONS)))
    text = "\n".join(_rows(values)) + "\n"
    return _scribbled(text, chance) if chance.random() < 0.2 else text


def _rows(values: Mapping[str, str]) -> Iterator[str]:
    """Keys with their values, as lines: `users.total` stands in the mapping `users`."""
    tree: dict[str, Any] = {}
    for key, value in values.items():
        *sections, name = key.split(".")
        part = tree
        for section in sections:
            inner = part.get(section)
            part[section] = part = inner if isinstance(inner, dict) else {}
        part[name] = value
    for name, value in tree.items():
        yield f"{name}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "{" + ", ".join(f"{name}: {_flow(each)}" for name, each in value.items()) + "}"


def _scribbled(text: str, chance: Random) -> str:
    """The text with something before, without something, or with something more in it."""
    at = chance.randrange(len(text))
    kind = chance.randrange(4)
    if kind == 0:
        return chance.choice(PREFIXES) + text
    if kind == 1:
        return text[:at] + text[at + chance.randint(1, 9) :]
    if kind == 2:
        return text[:at] + chance.choice(list("\t\0:{}[]&*!|>'\"%@`#?-,\r\n\x7f\x85")) + text[at:]
    return text[:at]


def looked_at(text: str, *, plan: bool = False) -> str:
    """What becomes of a file: `read`, `planned`, or what refused it.

    Raises:
        AssertionError: reading and explaining take too long, or too many words.
    """
    began = time.process_time()
    try:
        workload = parse(text, source="groma.yaml")
    except GromaError as error:
        said = str(error)
        assert len(said) < 8_000
        assert all(each.isprintable() or each == "\n" for each in said), said
        return "refused with its line" if said.startswith("groma.yaml:") and said[11].isdigit() else "refused"
    finally:
        assert time.process_time() - began < MOST_CPU_S, "too slow"
    return _planned(workload) if plan else "read"


def _planned(workload: Workload) -> str:
    from groma.bill import bill
    from groma.design import design
    from groma.questions.review import review

    try:
        made = design(workload, reasons=False)
        bill(made.architecture).document()
        review(made)
    except GromaError as error:
        return f"not planned: {type(error).__name__}"
    return "planned"


def main() -> int:
    """Read so many files; the exit code is 1 when one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--plan", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    outcomes: collections.Counter[str] = collections.Counter()
    slowest = 0.0
    for number in range(asked.seed, asked.seed + asked.count):
        text = mutated(Random(number))
        began = time.process_time()
        try:
            outcome = looked_at(text, plan=asked.plan)
        except Exception:
            outcome = "FAILED"
            print(f"--- seed {number}\n{text[:600]}\n{traceback.format_exc()[-900:]}", flush=True)
        took = time.process_time() - began
        slowest = max(slowest, took)
        if took > MOST_CPU_S:
            outcomes["over 2 s"] += 1
            print(f"--- seed {number}: {took:.1f} s, {outcome}\n{text[:600]}", flush=True)
        outcomes[outcome] += 1
    print(dict(outcomes), f"slowest {slowest:.2f} s")
    return 1 if outcomes["FAILED"] else 0


if __name__ == "__main__":
    sys.exit(main())
