"""The AWS provider as a process of its own, and the schemas that it tells of those kinds that are named here.

Source of the protocol: `tfplugin5.proto` of Terraform, and HashiCorp's go-plugin.
"""

from __future__ import annotations

import os
import re
import socket
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, StreamEnded, StreamReset
from h2.settings import SettingCodes

from groma.installation.kept import kept
from workloads import ROOT

SCHEMAS = "/tfplugin5.Provider/GetSchema"
MOST_BYTES = 1 << 20
"""Taken from a socket at once."""
_COOKIE = {"TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"}
_OF_KINDS = (2, 3, 8)
"""Fields of the answer that hold a schema for each kind: of resources, of data sources, of ephemeral ones."""
_WINDOW_BYTES = 2**30
"""More than any answer has, so that none waits to be taken."""


def installed(root: Path) -> Path:
    """The provider that `init` has installed in a root."""
    (binary,) = root.glob(".terraform/providers/*/hashicorp/aws/*/*/terraform-provider-aws*")
    return binary.resolve()


class Provider:
    """A process of the provider, and where it listens."""

    def __init__(self, binary: Path, folder: Path, environment: Mapping[str, str], root: Path) -> None:
        self.binary = binary
        asked = {**_COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5", "PLUGIN_UNIX_SOCKET_DIR": str(folder)}
        self.process = subprocess.Popen(
            [str(binary)],
            env={**environment, **asked},
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        told = self.process.stdout.readline().strip().split("|")  # its version and ours, and where it listens
        assert told[1:3] == ["5", "unix"], f"the provider says {told}"
        self.address = told[3]

    def connection(self) -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.connect(self.address)
        return made

    def close(self) -> None:
        with self.process:
            self.process.kill()


@cache
def schemas(binary: Path) -> bytes:
    """What the provider tells of its schemas, of the kinds that are named here, as a message of gRPC."""
    named = sorted(set(re.findall(r"\baws_[a-z0-9_]+", _texts())))
    made_of = f"{binary} {binary.stat().st_size} {binary.stat().st_mtime_ns} {named}"
    return framed(kept("schemas", [made_of.encode()], lambda: of_kinds(_told(binary), frozenset(named))))


def _texts() -> str:
    """All that can have Terraform's language in Groma and its tests."""
    files = (file for folder in ("src", "tests") for file in (ROOT / folder).rglob("*"))
    return "\n".join(file.read_text() for file in files if file.suffix in (".tf", ".hcl", ".md", ".py"))


def _told(binary: Path) -> bytes:
    """The provider's own answer: the message that holds all schemas."""
    with (
        tempfile.TemporaryDirectory(prefix="provider-") as folder,
        closing(Provider(binary, Path(folder), os.environ, Path(folder))) as provider,
        provider.connection() as there,
    ):
        return _asked_for_schemas(there)


def _asked_for_schemas(there: socket.socket) -> bytes:
    """What the other end of a connection answers to one call, which asks for all schemas."""
    here, body = H2Connection(H2Configuration(header_encoding="utf-8")), bytearray()
    here.initiate_connection()
    here.increment_flow_control_window(_WINDOW_BYTES)
    here.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW_BYTES})
    asked = {":method": "POST", ":scheme": "http", ":path": SCHEMAS, ":authority": "provider"}
    here.send_headers(1, [*asked.items(), ("content-type", "application/grpc"), ("te", "trailers")])
    here.send_data(1, framed(b""), end_stream=True)
    there.sendall(here.data_to_send())
    while data := there.recv(MOST_BYTES):
        for event in here.receive_data(data):
            if isinstance(event, DataReceived):
                body += event.data
            elif isinstance(event, (StreamEnded, StreamReset)):
                return bytes(body[len(framed(b"")) :])
        there.sendall(here.data_to_send())
    raise AssertionError("the provider ended before it had told its schemas")


def framed(message: bytes) -> bytes:
    """A message of gRPC, not compressed."""
    return struct.pack(">?I", False, len(message)) + message


def of_kinds(message: bytes, named: frozenset[str]) -> bytes:
    """A message without the schemas of kinds that nobody names."""
    told = fields(message)
    return b"".join(raw for number, value, raw in told if number not in _OF_KINDS or _kind(value) in named)


def _kind(entry: bytes) -> str:
    """The key of an entry of a map: its first field."""
    return next(value.decode() for number, value, _ in fields(entry) if number == 1)


def fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each field of a message of Protocol Buffers: its number, what it holds, and both as written."""
    at = 0
    while at < len(message):
        begin = at
        tag, at = _varint(message, at)
        length, at = _varint(message, at)
        assert tag & 7 == 2, f"a field of wire type {tag & 7}"
        at += length
        yield tag >> 3, message[at - length : at], message[begin:at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A whole number in as few bytes as it needs, and where it ends."""
    value = shift = 0
    while True:
        byte = message[at]
        value, at, shift = value | (byte & 127) << shift, at + 1, shift + 7
        if byte < 128:
            return value, at
