"""How wide text is, and the font it is set in.

The diagram is set in Source Sans Pro (SIL Open Font License), read from the PyPI package
`font-source-sans-pro`, so that text has the same width on every machine: advance widths come from the
font's own `hmtx` table. SVG files carry a subset of the font; the PNG renderer is given the font files.
"""

from __future__ import annotations

import io
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FAMILY = "Source Sans Pro"
EMBEDDED_FAMILY = "Groma Sans"
"""Name of the embedded subset; the font's licence reserves its own name for the unchanged font."""

ASCENT, DESCENT = 0.75, 0.22
"""Height above and below the baseline that letters really use, in parts of the size."""

LINE_HEIGHT = 1.22
_FILES = {False: "SourceSansPro-Regular.ttf", True: "SourceSansPro-Semibold.ttf"}
SEPARATOR = " · "
JOINTS = "-@./:_"
"""A word longer than a line may be broken after these, and nowhere else."""
_NUMBER = re.compile(r"[$<>≥≤~]?\d[\d.,–-]*")
_UNITS = frozenset(
    ("k/s", "M/s", "%", "ms", "s", "min", "h", "day", "days", "months", "GB", "MB", "TB", "GiB", "MiB", "×")
)
_UNUSED_TABLES = ("GSUB", "GPOS", "GDEF", "DSIG", "BASE")
"""Kerning and ligatures, which the drawing switches off; most of the time to read a font is for these."""


@dataclass(frozen=True, slots=True)
class _Metrics:
    units_per_em: int
    advances: Mapping[str, int]
    missing: int


def font_files() -> tuple[str, ...]:
    """Paths of the font files in which the diagram is set."""
    return tuple(str(files("font_source_sans_pro") / "files" / name) for name in _FILES.values())


@cache
def _metrics(semibold: bool) -> _Metrics:
    from fontTools.ttLib import TTFont

    with TTFont(font_files()[semibold], lazy=True) as font:
        widths = font["hmtx"].metrics
        advances = {chr(code): widths[glyph][0] for code, glyph in font.getBestCmap().items()}
        return _Metrics(font["head"].unitsPerEm, advances, widths[".notdef"][0])


@cache
def width(text: str, size: float, semibold: bool = False) -> float:
    """Width of one line of text, without kerning (the drawing switches kerning off)."""
    metrics = _metrics(semibold)
    units = sum(metrics.advances.get(letter, metrics.missing) for letter in text)
    return units * size / metrics.units_per_em


def parts_number(line: str, after: str) -> bool:
    """Whether a line ends with a number and the next one begins with its unit."""
    before, behind = line.split()[-1:], after.split()[:1]
    return bool(before and behind and _NUMBER.fullmatch(before[0]) and behind[0].strip(",;") in _UNITS)


def _words(text: str) -> list[str]:
    """The words of a text; a number and its unit are one."""
    words: list[str] = []
    for word in text.split():
        if words and parts_number(words[-1], word):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def _broken(word: str, size: float, most: float, semibold: bool) -> list[str]:
    """A word too long for a line, broken after joints; without any it is left whole."""
    if width(word, size, semibold) <= most or " " in word:
        return [word]
    pieces = [""]
    for part in re.findall(f"[^{JOINTS}]+[{JOINTS}]*|[{JOINTS}]+", word):
        if pieces[-1] and (width(pieces[-1] + part, size, semibold) > most):
            pieces.append("")
        pieces[-1] += part
    return pieces


def _greedy(text: str, size: float, most: float, semibold: bool) -> list[str]:
    lines: list[str] = []
    for word in _words(text):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size, semibold) <= most:
            lines[-1] = joined
        else:
            lines.extend(_broken(word, size, most, semibold))
    return lines


def _balanced(text: str, size: float, most: float, semibold: bool) -> list[str]:
    """Lines of about equal width: as few as can be, then as narrow as these allow."""
    lines, words = _greedy(text, size, most, semibold), _words(text)
    while len(lines) > 1 and len(words) >= len(lines):
        most = max(width(line, size, semibold) for line in lines) - 0.5
        narrower = _greedy(text, size, most, semibold)
        if len(narrower) > len(lines) or max(width(word, size, semibold) for word in words) > most:
            break
        lines = narrower
    return lines


@cache
def wrap(
    text: str, size: float, most: float, semibold: bool = False, *, balanced: bool = True
) -> tuple[str, ...]:
    """The text in lines of `most` units, broken at ` · ` first, then at spaces, then after joints.

    A longer word without joints, or a number with its unit, makes a longer line. `balanced` lines are of
    about equal width; otherwise each takes as many words as it can.
    """
    lines: list[str] = []
    broken = _balanced if balanced else _greedy
    for part in text.split(SEPARATOR):
        joined = f"{lines[-1]}{SEPARATOR}{part}" if lines else part
        if lines and width(joined, size, semibold) <= most:
            lines[-1] = joined
        else:
            lines.extend(broken(part, size, most, semibold))
    return tuple(lines)


def font_faces(letters: Iterable[str]) -> str:
    """CSS `@font-face` rules with the glyphs of these letters, as data URIs: same letters, same bytes."""
    wanted = "".join(sorted(set(letters)))
    return "".join(
        f'@font-face{{font-family:"{EMBEDDED_FAMILY}";font-weight:{weight};'
        f"src:url(data:font/ttf;base64,{_subset(semibold, wanted)})}}"
        for semibold, weight in ((False, 400), (True, 600))
    )


@cache
def _subset(semibold: bool, letters: str) -> str:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        hinting=False, name_IDs=[], layout_features=[], glyph_names=False, notdef_outline=True
    )
    with TTFont(font_files()[semibold], lazy=True, recalcTimestamp=False) as font:
        for table in set(_UNUSED_TABLES) & set(font.keys()):
            del font[table]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(letter) for letter in letters])
        subsetter.subset(font)
        out = io.BytesIO()
        font.save(out)
    return b64encode(out.getvalue()).decode("ascii")
