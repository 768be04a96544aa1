"""What stands between Terraform and the AWS provider in tests, so that neither reads all schemas each time.

Whenever a command begins, Terraform hashes the 700 MB of the provider, starts it, has it tell the schemas of
2,000 kinds of resources and data, and checks each of them: 4 CPU seconds before it does anything. Here it is
led to a socket (`TF_REATTACH_PROVIDERS`, its way of debugging a provider), where it is told the schemas of
those kinds that Groma or its tests name; to everything else the provider itself answers: the same process
that Terraform would have started, in its directory and with its environment.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived
from hpack import Decoder
from hyperframe.frame import Frame, HeadersFrame, SettingsFrame

from groma.live.toolchain import ensure_engine
from groma.live.toolchain.provider import HOSTS
from provided import MOST_BYTES, SCHEMAS, Provider, installed, schemas

VARIABLE = "TF_REATTACH_PROVIDERS"
_LED = """\
#!/bin/sh
[ "$1" = init ] && exec {program} "$@"
exec env {settings} {program} "$@"
"""
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_UNIMPLEMENTED = "12"


@contextmanager
def attached(root: Path | None = None, given: Mapping[str, str] | None = None) -> Iterator[Mapping[str, str]]:
    """Leads Terraform to a provider behind a socket; gives the variable by which it finds the socket.

    Args:
        root: where one provider is installed that serves all commands; the provider that `init` has installed
            where a command runs serves that command alone when left out.
        given: the environment of the one that serves all. It holds one configuration: so it is for runs that
            mock the provider, which never configure it, and for a root that configures it once.

    Who asks is only known on Linux: elsewhere Terraform starts the provider of a command itself.
    """
    if root is None and sys.platform != "linux":
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="provider-") as folder, socket.socket(socket.AF_UNIX) as listener:
        path = str(Path(folder, "front"))
        listener.bind(path)
        listener.listen()
        shared = root and Provider(installed(root), Path(folder), given or {}, root)
        front = _Front(Path(folder), shared)
        threading.Thread(target=front.listen, args=(listener,), daemon=True).start()
        address = {"Network": "unix", "String": path}
        here = {"Protocol": "grpc", "ProtocolVersion": 5, "Pid": os.getpid(), "Test": True, "Addr": address}
        try:
            yield {VARIABLE: json.dumps({f"{host}/hashicorp/aws": here for host in HOSTS.values()})}
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            front.close()


@contextmanager
def attached_on_path() -> Iterator[None]:
    """Terraform on PATH is led so, but for `init`: what that installs and notes is as always."""
    program = ensure_engine().path
    with tempfile.TemporaryDirectory(prefix="terraform-") as folder, attached() as environment:
        led, settings = Path(folder, program.name), (f"{name}={value}" for name, value in environment.items())
        led.write_text(_LED.format(program=shlex.quote(str(program)), settings=shlex.join(settings)))
        led.chmod(0o700)
        with patch.dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}"):
            yield


class _Front:
    """Answers who asks for schemas, and leads all others to a provider."""

    def __init__(self, folder: Path, shared: Provider | None) -> None:
        self.folder, self.shared = folder, shared
        self.providers: set[Provider] = set()

    def close(self) -> None:
        for each in (*self.providers, *([self.shared] if self.shared else ())):
            each.close()

    def listen(self, listener: socket.socket) -> None:
        with suppress(OSError):  # closed by who has opened it
            while True:
                client, _ = listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):  # whoever asks may be killed
            client.sendall(SettingsFrame().serialize())  # without which the client does not begin
            heard, path = _first_call(client)
            if self.shared and path == SCHEMAS:
                _tell(client, heard, schemas(self.shared.binary))
            elif self.shared and path:
                _lead(client, heard, self.shared)
            elif path:
                self._serve_alone(client, heard, path)

    def _serve_alone(self, client: socket.socket, heard: bytes, path: str) -> None:
        """As the provider that is installed where a command runs, which nobody else asks."""
        environment, root = _caller(client)
        if path == SCHEMAS:
            _tell(client, heard, schemas(installed(root)))
            return
        with closing(Provider(installed(root), self.folder, environment, root)) as provider:
            self.providers.add(provider)
            _lead(client, heard, provider)
            self.providers.discard(provider)


def _caller(client: socket.socket) -> tuple[Mapping[str, str], Path]:
    """The environment and the directory of the process at the other end."""
    number, *_ = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    process = Path("/proc", str(number))
    pairs = (each.partition("=") for each in (process / "environ").read_text().split("\0") if each)
    return {name: value for name, _, value in pairs if name != VARIABLE}, (process / "cwd").resolve()


def _first_call(client: socket.socket) -> tuple[bytes, str]:
    """What a client has said up to its first call of the provider, and which that is, or ""."""
    heard, decoder, at = bytearray(), Decoder(), len(_PREFACE)
    while data := client.recv(MOST_BYTES):
        heard += data
        while len(heard) >= at + 9:
            frame, length = Frame.parse_frame_header(memoryview(heard)[at : at + 9])
            if len(heard) < at + 9 + length:
                break
            if isinstance(frame, HeadersFrame):
                frame.parse_body(memoryview(heard)[at + 9 : at + 9 + length])
                path = dict(decoder.decode(frame.data))[":path"]
                if path.startswith("/tfplugin5."):
                    return bytes(heard), path
            at += 9 + length
    return bytes(heard), ""


def _lead(client: socket.socket, heard: bytes, provider: Provider) -> None:
    """Carries what is said between a client and a provider, until one of them ends."""
    with provider.connection() as there:
        there.sendall(heard)
        back = threading.Thread(target=_carry, args=(there, client), daemon=True)
        back.start()
        _carry(client, there)
        back.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(MOST_BYTES):
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _tell(client: socket.socket, heard: bytes, told: bytes) -> None:
    """Answers a client that asks for schemas, and for nothing else of the provider."""
    here = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
    here.initiate_connection()
    begun = [(":status", "200"), ("content-type", "application/grpc")]
    left: dict[int, bytes] = {}
    while heard:
        for event in here.receive_data(heard):
            if isinstance(event, RequestReceived) and dict(event.headers)[":path"] == SCHEMAS:
                here.send_headers(event.stream_id, begun)
                left[event.stream_id] = told
            elif isinstance(event, RequestReceived):
                unknown = [*begun, ("grpc-status", _UNIMPLEMENTED)]
                here.send_headers(event.stream_id, unknown, end_stream=True)
            elif isinstance(event, DataReceived):
                here.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        left = {stream: rest for stream, data in left.items() if (rest := _sent(here, stream, data))}
        client.sendall(here.data_to_send())
        heard = client.recv(MOST_BYTES)


def _sent(here: H2Connection, stream: int, data: bytes) -> bytes:
    """Sends as much of an answer as the client takes now; what is left of it."""
    while data and (most := min(here.local_flow_control_window(stream), here.max_outbound_frame_size)):
        here.send_data(stream, data[:most])
        data = data[most:]
    if not data:
        here.send_headers(stream, [("grpc-status", "0")], end_stream=True)
    return data
