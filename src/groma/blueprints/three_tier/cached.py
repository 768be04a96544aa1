"""A cache before the database: what it is asked and answers, what servers are told of it, and why it stands.

The database keeps the size that it has without: an empty cache, or none that answers, must overload nothing.
So what a cache gives is time: what it answers waits for no query.
"""

from __future__ import annotations

from dataclasses import replace

from groma.answers import Value
from groma.application import filled
from groma.application.choice import application_of
from groma.application.description import Servers
from groma.architecture import Component, Link
from groma.components.cache import MODULE, ROLES, Cache, CacheSize, cheapest_cache
from groma.errors import Infeasible, WorkloadError
from groma.sizing.values import Decision, Wish
from groma.workload import Workload
from groma.workload.demand import Demand


def asked_part(workload: Workload) -> float:
    """Share of all queries that a cache is asked first: *Σ sᵢcᵢ / Σ sᵢ(rᵢ + wᵢ)* over the classes i, with
    their shares s, reads r, writes w, and the reads c that a cache may answer.
    """
    classes = workload.requests
    every = sum(each.share * (each.reads + each.writes) for each in classes.values())
    return sum(each.share * _cached_reads(workload, name) for name, each in classes.items()) / every


def _cached_reads(workload: Workload, name: str) -> float:
    """Of the reads of a class, those that the file says, else those that the application is known to keep."""
    stated, known = workload.requests[name], application_of(workload.own).servers.remembers
    if stated.cached_reads is not None:
        return stated.cached_reads
    return stated.reads if known is None else min(known.get(name, 0), stated.reads)


def spared_part(workload: Workload) -> float:
    """Share of all queries that it answers, so that the database has them no more."""
    return asked_part(workload) * workload.load.cache_hit_share.likely


def _asked_per_s(workload: Workload, demand: Demand) -> float:
    """Reads that it is asked at the peak."""
    return asked_part(workload) * (demand.reads_per_s.likely + demand.writes_per_s.likely)


def _size(workload: Workload, demand: Demand, wish: Wish) -> CacheSize:
    """The cheapest nodes that hold what is read of it on a day, and answer that.

    Raises:
        WorkloadError: there is nothing that it could answer.
        Infeasible: no cache holds what is read on a day.
    """
    reads = _asked_per_s(workload, demand)
    if reads == 0:
        raise WorkloadError(
            "asks for a cache, and no class of requests has reads that it may answer",
            where=workload.where("database", "cache"),
            hint="state `cached_reads` of a class in `requests`, or leave `cache` out",
        )
    hot_gib = demand.database_hot_gib.likely * reads / demand.reads_per_s.likely
    node_reads = workload.load.cache_reads_per_s_per_node.likely
    try:
        return cheapest_cache(workload.regions[0], hot_gib, reads * wish.load_factor, node_reads)
    except Infeasible as error:
        raise Infeasible(
            error.what,
            where=workload.where("database", "cache"),
            hint="leave `database.cache` out: the database carries everything without it",
        ) from None


def cache(workload: Workload, demand: Demand, private: tuple[str, ...], wish: Wish) -> tuple[Cache, ...]:
    """The cache; none where none is wished. Raises what `_size` raises."""
    if not wish.cache:
        return ()
    return (
        Cache(
            id=MODULE,
            places=private,
            name=f"{workload.name}-{MODULE}",
            size=_size(workload, demand, wish),
            clients=("app",),
            query_gb_per_month=demand.query_gb_per_month * asked_part(workload),
            spared=True,
        ),
    )


def left_to_database(workload: Workload, demand: Demand, wish: Wish) -> Demand:
    """The demand with the queries that the database is still asked, and their bytes."""
    spared = spared_part(workload) if wish.cache else 0
    if not spared:
        return demand
    queries = demand.reads_per_s.likely + demand.writes_per_s.likely
    reads = demand.reads_per_s * (1 - spared * queries / demand.reads_per_s.likely)
    return replace(demand, reads_per_s=reads, query_gb_per_month=demand.query_gb_per_month * (1 - spared))


def settings(servers: Servers) -> dict[str, Value]:
    """What the application is told of it; names that its owner uses himself are left to him."""
    told = {name: role for name, role in servers.cached.items() if name not in servers.secrets}
    return dict(filled(told, ROLES))


def links_of_cache(workload: Workload, demand: Demand, components: tuple[Component, ...]) -> tuple[Link, ...]:
    """What the application asks of it."""
    reads = _asked_per_s(workload, demand)
    return tuple(
        Link("app", each.id, "reads", peak_per_s=reads, gb_per_month=each.query_gb_per_month)
        for each in components
        if isinstance(each, Cache)
    )


def of_cache(workload: Workload, demand: Demand, wish: Wish) -> tuple[Decision, ...]:
    """That a cache stands before the database, and what for."""
    if not wish.cache:
        return ()
    size, part = _size(workload, demand, wish), spared_part(workload)
    because = (
        f"it answers {part:.0%} of the queries from memory, by a hit share of "
        f"{workload.load.cache_hit_share.likely:g}; the database keeps the size that it has without, so that "
        "an empty cache, or none that answers, overloads nothing"
    )
    what = f"{size.shards} × {size.node_type}, each with a copy in another zone"
    return (Decision("cache", what, because),)
