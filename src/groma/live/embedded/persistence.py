"""A snapshot of all that moto holds, as bytes, and back.

moto keeps each service's state in a backend object per account and region. All of them are pickled
together, so that an object which two services share (an instance in EC2 and in its group) is one
object again afterwards. What cannot be pickled as it is (locks, keys, the backends themselves) is
replaced by how to make or find it.
"""

from __future__ import annotations

import collections
import gzip
import importlib
import io
import marshal
import pickle
import sys
import tempfile
import threading
import types
from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from moto.core.base_backend import BackendDict, BaseBackend

Place = tuple[str, str, str]
"""Where a backend lives: service, account, region."""

_PLAIN_DICTS = (dict, collections.OrderedDict, collections.defaultdict)
_PRIVATE_KEYS = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey)


def snapshot() -> bytes:
    """All backends' state. Nothing may change it meanwhile: hold the requests back."""
    places: dict[int, Place] = {}
    states: list[tuple[Place, dict[str, Any]]] = []
    for service in list(BackendDict._instances):
        for account, region, backend in service.iter_backends():
            place = (service.service_name, account, region)
            places[id(backend)] = place
            states.append((place, backend.__dict__))
    buffer = io.BytesIO()
    _Pickler(buffer, places).dump(states)
    return gzip.compress(buffer.getvalue(), compresslevel=1)


def restore(content: bytes) -> None:
    """Put back what `snapshot` returned. It may run code: only for content whose seal was checked."""
    for place, state in pickle.loads(gzip.decompress(content)):  # noqa: S301 - only content whose seal was checked
        _backend(*place).__dict__.update(state)


class _Pickler(pickle.Pickler):
    """Pickles moto's objects; `places` maps the identity of each backend to where it lives."""

    def __init__(self, file: io.BytesIO, places: dict[int, Place]) -> None:
        super().__init__(file, protocol=5)
        self._places = places

    def reducer_override(self, obj: Any) -> Any:
        """How to make or find what cannot be pickled as it is."""
        if isinstance(obj, BaseBackend) and id(obj) in self._places:
            return _backend, self._places[id(obj)]
        if isinstance(obj, BackendDict):
            return _backend_dict, (obj.service_name,)
        if isinstance(obj, dict) and type(obj) not in _PLAIN_DICTS:
            return _reduce_dict(obj)
        for kinds, reduce in _REDUCERS:
            if isinstance(obj, kinds):
                return reduce(obj)
        return NotImplemented


def _backend_dict(service: str) -> Any:
    from moto.backends import get_backend

    return get_backend(service)


def _backend(service: str, account: str, region: str) -> BaseBackend:
    backend: BaseBackend = _backend_dict(service)[account][region]
    return backend


def _reduce_dict(obj: dict[Any, Any]) -> Any:
    """A subclass of dict that checks or converts in `__setitem__`: its content goes past that."""
    factory = getattr(obj, "default_factory", None)
    state = (getattr(obj, "__dict__", {}), list(dict.items(obj)))
    return _new_dict, (type(obj), factory), state, None, None, _fill_dict


def _new_dict(kind: type[dict[Any, Any]], factory: Callable[[], Any] | None) -> dict[Any, Any]:
    made = kind.__new__(kind)
    if factory is not None:
        made.default_factory = factory  # type: ignore[attr-defined]
    return made


def _fill_dict(target: dict[Any, Any], state: tuple[dict[str, Any], list[tuple[Any, Any]]]) -> None:
    attributes, items = state
    getattr(target, "__dict__", {}).update(attributes)
    for key, value in items:
        dict.__setitem__(target, key, value)


def _reduce_spool(spool: Any) -> Any:
    position = spool.tell()
    spool.seek(0)
    content = spool.read()
    spool.seek(position)
    return _spool, (content,)


def _spool(content: bytes) -> Any:
    spool = tempfile.SpooledTemporaryFile()  # noqa: SIM115 (moto owns and closes it)
    spool.write(content)
    return spool


def _reduce_private_key(key: Any) -> Any:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return _private_key, (pem,)


def _private_key(pem: bytes) -> Any:
    return serialization.load_pem_private_key(pem, None)


def _reduce_certificate(certificate: x509.Certificate) -> Any:
    return _certificate, (certificate.public_bytes(serialization.Encoding.PEM),)


def _certificate(pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem)


def _reduce_function(function: types.FunctionType) -> Any:
    """A lambda, such as the factory of a defaultdict; any other function is found by its name."""
    if "<lambda>" not in function.__qualname__ or function.__closure__:
        return NotImplemented
    return _lambda, (marshal.dumps(function.__code__), function.__module__)


def _lambda(code: bytes, module: str) -> types.FunctionType:
    importlib.import_module(module)
    return types.FunctionType(marshal.loads(code), sys.modules[module].__dict__)  # noqa: S302 - sealed


_REDUCERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (type(threading.RLock()), lambda _: (threading.RLock, ())),
    (type(threading.Lock()), lambda _: (threading.Lock, ())),
    (threading.Event, lambda _: (threading.Event, ())),
    (types.ModuleType, lambda module: (importlib.import_module, (module.__name__,))),
    (tempfile.SpooledTemporaryFile, _reduce_spool),
    (_PRIVATE_KEYS, _reduce_private_key),
    (x509.Certificate, _reduce_certificate),
    (types.FunctionType, _reduce_function),
    (types.GeneratorType, lambda _: (iter, ((),))),  # the rest of a listing that nobody has asked for
)
