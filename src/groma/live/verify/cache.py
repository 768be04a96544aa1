"""ElastiCache: nodes, shards, copies in other zones, encryption and who reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from groma.architecture import Architecture, Finding
from groma.components.cache import Cache
from groma.components.machine_group import MachineGroup
from groma.live.verify.findings import compare, listed
from groma.live.verify.key import OWN_KEY, encrypted
from groma.live.verify.reading import Answer, Reading
from groma.live.verify.rights import statements, texts
from groma.live.verify.vpc import let_in

PORT = 6379
CONNECT, POLICY = "elasticache:Connect", "cache"


def cache(component: Cache, architecture: Architecture, reading: Reading) -> Iterator[Finding]:
    """State and engine, shards with their copies, failover, encryption, who reaches it and who signs in."""
    identifier = reading.output(f"{component.id}_id")
    group = (
        reading.first(
            "elasticache", "describe_replication_groups", "ReplicationGroups", ReplicationGroupId=identifier
        )
        if identifier
        else None
    )
    size, replicas = component.size, component.size.nodes // component.size.shards - 1
    clients = _clients(component, architecture)
    callers = (f"tcp {PORT} from {architecture.name}-{client}-{noun}s" for client, noun in clients.items())
    lines = (
        ("cache", "state and engine", "available, valkey", group and f"{group['Status']}, {group['Engine']}"),
        ("nodes", "nodes", f"{size.nodes} × {size.node_type}", group and _nodes(group)),
        ("shards", "shards and their copies", f"{size.shards} × {1 + replicas}", group and _shards(group)),
        (
            "failover", "a copy takes over by itself, in another zone", "enabled, enabled",
            group and listed([group.get("AutomaticFailover"), group.get("MultiAZ")]),
        ),
        (
            "encryption", "encrypted in transit and at rest", f"in transit, {OWN_KEY}",
            group and _encryption(group, architecture, reading),
        ),
        ("security-group", "whom it lets in", listed(sorted(callers)), group and _let_in(group, reading)),
    )  # fmt: skip
    for aspect, what, expected, actual in lines:
        yield compare(f"{component.id}.{aspect}", f"{component.label}: {what}", expected, actual or None)
    for client, noun in clients.items():
        what = f"whom it lets the {client} {noun}s sign in as"
        role = f"{architecture.name}-{client}-{architecture.region}"
        expected = f"{CONNECT} to {component.name} as {component.name}-application"
        yield compare(
            f"{component.id}.{client}-sign-in", what, expected, _signs_in(role, reading) if group else None
        )


def _clients(component: Cache, architecture: Architecture) -> dict[str, str]:
    """What asks it → what its machines are called."""
    machines = (each for each in architecture.components if isinstance(each, MachineGroup))
    groups = {each.id.rpartition("/")[2]: each.noun for each in machines}
    return {client: groups[client] for client in component.clients}


def _signs_in(role: str, reading: Reading) -> str | None:
    """What the policy of a role allows, in which caches and as which user."""
    written = statements(reading, role, POLICY)
    if written is None:
        return None
    allowed = [each for each in written if each["Effect"] == "Allow" and not each.get("Condition")]
    actions = sorted({action for each in allowed for action in texts(each["Action"])})
    on = [arn for each in allowed for arn in texts(each["Resource"])]
    users, groups = (
        sorted(arn.rpartition(f":{kind}:")[2] for arn in on if f":{kind}:" in arn)
        for kind in ("user", "replicationgroup")
    )
    return f"{listed(actions)} to {listed(groups)} as {listed(users)}"


def _nodes(group: Answer) -> str:
    return f"{len(group.get('MemberClusters') or ())} × {group['CacheNodeType']}"


def _shards(group: Answer) -> str:
    sizes = sorted({len(shard.get("NodeGroupMembers") or ()) for shard in group.get("NodeGroups") or ()})
    return f"{len(group.get('NodeGroups') or ())} × {listed(map(str, sizes))}"


def _encryption(group: Answer, architecture: Architecture, reading: Reading) -> str:
    transit = "in transit" if group.get("TransitEncryptionEnabled") else "plain in transit"
    at_rest = encrypted(group.get("KmsKeyId"), architecture, reading)
    return f"{transit}, {at_rest if group.get('AtRestEncryptionEnabled') else 'plain at rest'}"


def _let_in(group: Answer, reading: Reading) -> str:
    """Security groups are known of nodes, not of the group."""
    member = next(iter(group.get("MemberClusters") or ()), None)
    node = (
        reading.first("elasticache", "describe_cache_clusters", "CacheClusters", CacheClusterId=member)
        if member
        else None
    )
    rows = (node or {}).get("SecurityGroups") or ()
    return let_in(reading, [row["SecurityGroupId"] for row in rows])
