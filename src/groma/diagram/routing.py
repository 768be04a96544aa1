"""Ways for the links through the grid: short, with few bends and crossings, never through a card.

A* over (node, direction), link after link, then once more for each with all others known. Sequential
routing is a heuristic; that every link gets a way is certain, because the channels beside the columns
are open from top to bottom and those above and below the rows from side to side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise, product

from groma.architecture import Link
from groma.diagram.grid import Grid, Node
from groma.diagram.slots import FrameSlot, Span

COLUMN, CHANNEL, ROW, GAP = 130.0, 90.0, 130.0, 26.0
BEND, CROSSING, CROWD = 60.0, 220.0, 40.0
PARALLEL, UPRIGHT_PORT, FOREIGN = 14.0, 20.0, 30.0
LEAVING: Mapping[str, float] = {"cloud": 300.0, "region": 60.0}
"""What each step outside of a frame costs a link between two components within it."""
PASSES = 2

Path = tuple[Node, ...]
State = tuple[int, int, bool]
Step = tuple[Node, bool, float, tuple[Node, Node]]
"""The node beside another, whether it is left or right of it, how far away, and the edge between them."""


@dataclass
class Usage:
    """What the ways found so far take up."""

    grid: Grid
    edges: Counter[tuple[Node, Node]] = field(default_factory=Counter)
    straight: Counter[tuple[Node, bool]] = field(default_factory=Counter)
    visits: Counter[Node] = field(default_factory=Counter)
    upright: Counter[Node] = field(default_factory=Counter)
    closed: Counter[Node] = field(default_factory=Counter)

    def change(self, path: Path, label_node: Node | None, by: int) -> None:
        """Add (`by` 1) or take away (`by` -1) a way and the node that its label needs for itself."""
        for a, b in pairwise(path):
            self.edges[min(a, b), max(a, b)] += by
            if a[0] == b[0] and a[0] % 2:
                for node in (a, b):
                    self.upright[node] += by if self.grid.is_free(node) else 0
        for node in path[1:-1]:
            self.visits[node] += by
        for before, node, after in zip(path, path[1:], path[2:], strict=False):
            if before[1] == after[1] or before[0] == after[0]:
                self.straight[node, before[1] == after[1]] += by
        if label_node is not None:
            self.closed[label_node] += by


def _holds(frame: Span, cell: Span) -> bool:
    """Whether a cell lies in a frame."""
    return frame.left <= cell.left <= frame.right and frame.top <= cell.bottom and cell.top <= frame.bottom


class _Router:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.usage = Usage(grid)
        self.insides: dict[str, frozenset[Node]] = {}
        self.shut: frozenset[Node] = frozenset()
        self.sides: frozenset[int] = frozenset()
        self.beside: dict[Node, list[Step]] = {}
        self.xs = self._positions([x % 2 == 1 for x in range(grid.width)], COLUMN, CHANNEL)
        self.ys = self._positions([grid.is_row(y) for y in range(len(grid.levels))], ROW, GAP)

    @staticmethod
    def _positions(wide: Sequence[bool], broad: float, narrow: float) -> list[float]:
        found, at = [], 0.0
        for is_wide in wide:
            size = broad if is_wide else narrow
            found.append(at + size / 2)
            at += size
        return found

    def find(self, source: str, target: str, upright: bool = True) -> Path:
        """The cheapest way between two components; `upright`: it may leave or arrive at top or bottom."""
        (sx, s_rows), (tx, t_rows) = (self.grid.ports(self.grid.slots.cells[c]) for c in (source, target))
        goals = {(tx, y) for y in t_rows}
        heap: list[tuple[float, float, State]] = []
        best: dict[State, float] = {}
        came: dict[State, State | None] = {}
        self.foreign, self.shut = self._foreign(source, target), self._shut(source, target)
        leaving, self.sides = self.grid.sides(source), self.grid.sides(target)
        middle = sum(self.ys[y] for y in s_rows) / len(s_rows)
        for y in s_rows:
            for sideways in (True, False) if y in leaving else (False,):
                off = abs(self.ys[y] - middle) * 0.02
                best[sx, y, sideways], came[sx, y, sideways] = off, None
                heappush(heap, (off, off, (sx, y, sideways)))
        while heap:
            _, cost, state = heappop(heap)
            if cost > best[state]:
                continue
            if state[:2] in goals and came[state] is not None:
                return self._walk(came, state)
            for after, price in self._moves(state, came[state], goals, (sx, s_rows), upright):
                if cost + price < best.get(after, float("inf")):
                    best[after], came[after] = cost + price, state
                    ahead = abs(self.xs[after[0]] - self.xs[tx])
                    ahead += min(abs(self.ys[after[1]] - self.ys[y]) for y in t_rows)
                    heappush(heap, (cost + price + ahead, cost + price, after))
        raise AssertionError(f"no way from {source} to {target}: the grid has no free channel")

    def _foreign(self, source: str, target: str) -> Mapping[Node, float]:
        """What it costs to enter a node in frames that hold neither component, or out of those of both."""
        slots = self.grid.slots
        cost: dict[Node, float] = defaultdict(float)
        for frame in slots.frames:
            if not any(_holds(frame.span, slots.cells[end]) for end in (source, target)):
                first, last = (self.grid.level_of_row[row] for row in (frame.span.top, frame.span.bottom))
                for x in range(2 * frame.span.left + 1, 2 * frame.span.right + 2):
                    for y in range(first, last + 1):
                        cost[x, y] += FOREIGN
        for frame in slots.frames:
            price = LEAVING.get(frame.kind, 0.0)
            if price and all(_holds(frame.span, slots.cells[end]) for end in (source, target)):
                inside = self._inside(frame)
                for node in product(range(self.grid.width), range(len(self.grid.levels))):
                    cost[node] += price if node not in inside else 0.0
        return cost

    def _shut(self, source: str, target: str) -> frozenset[Node]:
        """The nodes in networks that hold neither component: no way leads through them."""
        cells = self.grid.slots.cells
        networks = (frame for frame in self.grid.slots.frames if frame.kind == "vpc")
        return frozenset().union(
            *(
                self._inside(f)
                for f in networks
                if not any(_holds(f.span, cells[e]) for e in (source, target))
            )
        )

    def _inside(self, frame: FrameSlot) -> frozenset[Node]:
        """The nodes within a frame's borders."""
        found = self.insides.get(frame.id)
        if found is None:
            (first, last), span = self.grid.inside(frame), frame.span
            columns = range(2 * span.left + 1, 2 * span.right + 2)
            found = self.insides[frame.id] = frozenset(product(columns, range(first, last + 1)))
        return found

    def _walk(self, came: Mapping[State, State | None], state: State) -> Path:
        """The nodes up to a state; a loop, which crosses itself, is cut off."""
        nodes: list[Node] = []
        current: State | None = state
        while current is not None:
            nodes.append(current[:2])
            current = came[current]
        path = nodes[::-1]
        for node in path:
            again = len(path) - 1 - path[::-1].index(node)
            if again > path.index(node) and not (node[0] % 2 and self.grid.is_row(node[1])):
                return tuple(path[: path.index(node)] + path[again:])
        return tuple(path)

    def _moves(
        self,
        state: State,
        before: State | None,
        goals: set[Node],
        start: tuple[int, list[int]],
        upright: bool,
    ) -> Iterator[tuple[State, float]]:
        (x, y, sideways), first = state, before is None
        only_on = first or (x % 2 == 1 and self.grid.is_row(y))
        for after, level, price, edge in self._steps((x, y)):
            turn = level != sideways
            if turn and only_on:
                continue
            if before is not None and after == before[:2]:
                continue
            if not self._open((x, y), after, goals, start, upright):
                continue
            price += PARALLEL * self.usage.edges[edge] + (BEND if turn else 0)
            if turn:
                price += CROWD * self.usage.visits[x, y]
            if not turn and not first:
                price += CROSSING * self.usage.straight[(x, y), not sideways]
            price += self.foreign[after]
            if not level and (first or after in goals):
                price += UPRIGHT_PORT
            yield (*after, level), price

    def _steps(self, node: Node) -> list[Step]:
        """The ways from a node to those beside it, which are the same for every link."""
        found = self.beside.get(node)
        if found is None:
            (x, y), found = node, []
            for after in ((x + 1, y), (x - 1, y), (x, y - 1), (x, y + 1)):
                if 0 <= after[0] < self.grid.width and 0 <= after[1] < len(self.grid.levels):
                    away = abs(self.xs[after[0]] - self.xs[x]) + abs(self.ys[after[1]] - self.ys[y])
                    found.append((after, after[1] == y, away, (min(node, after), max(node, after))))
            self.beside[node] = found
        return found

    def _open(
        self, node: Node, after: Node, goals: set[Node], start: tuple[int, list[int]], upright: bool
    ) -> bool:
        grid, (x, y) = self.grid, after
        vertical = node[0] == x
        if after in self.shut or (x == start[0] and y in start[1]):
            return False
        if not (grid.is_free(after) or after in goals):
            return False
        if vertical:
            ends = after in goals or (x == start[0] and node[1] in start[1])
            return self._open_vertically(node, after, upright, ends)
        if after in goals and y not in self.sides:
            return False
        return not (self.usage.closed[after] or self.usage.closed[node])

    def _open_vertically(self, node: Node, after: Node, upright: bool, ends: bool) -> bool:
        x = after[0]
        if x % 2 == 0:
            return True
        taken = self.usage.upright[after] or self.usage.upright[node] or self.usage.closed[after]
        allowed = upright or not ends
        return allowed and not taken and self.grid.may_pass_vertically(x, min(node[1], after[1]))


def label_node(grid: Grid, path: Path, usage: Usage) -> Node | None:
    """Where the label of a way that only goes straight down or up a column can stand, if anywhere.

    In an empty cell on the way, or else in a channel that no other way passes there.
    """
    inner = path[1:-1]
    for node in sorted(inner, key=lambda n: (not grid.is_row(n[1]), abs(inner.index(n) - len(inner) / 2))):
        sides = ((node[0] - 1, node[1]), node), (node, (node[0] + 1, node[1]))
        if not any(usage.edges[side] for side in sides):
            return node
    return None


def is_upright(path: Path) -> bool:
    """Whether a way is one vertical line."""
    return all(node[0] == path[0][0] for node in path)


def route(grid: Grid, links: Sequence[Link]) -> tuple[dict[str, Path], dict[str, Node]]:
    """A way for every link, and for those straight up a column the node where their label stands."""
    router = _Router(grid)
    paths: dict[str, Path] = {}
    labels: dict[str, Node] = {}

    def length(link: Link) -> tuple[float, int]:
        a, b = (grid.ports(grid.slots.cells[c]) for c in (link.source, link.target))
        rows = min(abs(router.ys[p] - router.ys[q]) for p in a[1] for q in b[1])
        return abs(router.xs[a[0]] - router.xs[b[0]]) + rows, links.index(link)

    for link in sorted((x for x in links if x.source != x.target), key=length) * PASSES:
        if link.id in paths:
            router.usage.change(paths[link.id], labels.pop(link.id, None), -1)
        path = router.find(link.source, link.target)
        if is_upright(path):
            node = label_node(grid, path, router.usage)
            if node is None:
                path = router.find(link.source, link.target, upright=False)
            else:
                labels[link.id] = node
        paths[link.id] = path
        router.usage.change(path, labels.get(link.id), 1)
    return paths, labels
