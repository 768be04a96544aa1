"""Make sure that Terraform can install the AWS provider, from a registry or from this disk.

Terraform and OpenTofu look for providers in some directories by themselves, the implied local mirrors.
Where their registry cannot be reached, a copy of the provider that lies elsewhere on the disk is linked
into one of those, if nobody but root and this user can have put it there and it is what HashiCorp published,
where that is known.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from groma.errors import ToolMissing
from groma.live.toolchain.engine import Engine, EngineName, platform_name, version_numbers
from groma.live.toolchain.published import forged
from groma.live.toolchain.trust import stranger
from groma.terraform.versions import PROVIDER

HOSTS: Mapping[EngineName, str] = {"terraform": "registry.terraform.io", "tofu": "registry.opentofu.org"}

_BINARY = "terraform-provider-aws"
_NEVER_SEARCHED = frozenset({"proc", "sys", "dev", "run"})
_NEVER_INSIDE = frozenset({".git", "node_modules", "__pycache__", "site-packages"})


@dataclass(frozen=True)
class ProviderSource:
    """Where Terraform will take the AWS provider from.

    Attributes:
        how: "installed" in the stack's directory, "configured" by the user's own CLI configuration,
            "mirror" in an implied local mirror, "linked" there just now, or "registry".
        version: the release; empty where Terraform will choose it.
        path: the package; None where Terraform will choose it.
    """

    how: Literal["installed", "configured", "mirror", "linked", "registry"]
    version: str = ""
    path: Path | None = None


@dataclass(frozen=True, order=True)
class _Package:
    """A copy of the provider: an unpacked directory or a zip archive.

    Packages order by version; of two alike the one that is made to last is the greater.
    """

    numbers: tuple[int, ...]
    lasts: bool = field(init=False)
    path: Path = field(compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lasts", ".terraform" not in self.path.resolve().parts)

    @property
    def version(self) -> str:
        return ".".join(map(str, self.numbers))


def ensure_provider(
    engine: Engine,
    *,
    directory: Path | None = None,
    home: Path | None = None,
    environment: Mapping[str, str] | None = None,
    platform: str | None = None,
    reachable: Callable[[str], bool] | None = None,
    roots: Sequence[Path] | None = None,
    on_note: Callable[[str], None] = lambda _: None,
) -> ProviderSource:
    """Find out where `init` will get the AWS provider from; link a copy on this disk where it must.

    Args:
        engine: what will run; its name decides the registry.
        directory: the stack's directory, in which the provider may be installed already.
        home: the user's home directory.
        environment: this process's environment.
        platform: such as "linux_amd64".
        reachable: tells whether the registry with this host name answers.
        roots: where to look for a copy, in this order; the whole disk comes last when left out.
        on_note: told what is being waited for, in words.

    Raises:
        ToolMissing: the registry does not answer and no fitting copy is on this disk.
    """
    variables = os.environ if environment is None else environment
    user = home or Path.home()
    host = HOSTS[engine.name]
    kind = platform or platform_name()
    if directory and (best := _best(_packages(directory / ".terraform/providers" / host, kind))):
        return ProviderSource("installed", best.version, best.path)
    if _is_configured(variables, user):
        return ProviderSource("configured")
    mirrors = implied_mirrors(variables, user, directory)
    mirrored = [package for mirror in mirrors for package in _packages(mirror / host, kind)]
    if best := _best(mirrored):
        return ProviderSource("mirror", best.version, best.path)
    if not mirrored and (reachable or registry_reachable)(host):
        return ProviderSource("registry")
    on_note("the AWS provider cannot be fetched; looking for a copy on this disk")
    searched = [*_near_roots(variables, user, mirrors), Path("/")] if roots is None else roots
    for root in searched:
        if best := _genuine(_trusted(_search(root, kind), on_note), kind, on_note):
            link = _link(best, user / ".terraform.d/plugins" / host / "hashicorp/aws", kind)
            return ProviderSource("linked", best.version, link)
    raise _cannot_be_had(
        engine, f"{user}/.terraform.d/plugins/{host}/hashicorp/aws/VERSION/{kind}/", mirrored
    )


def _cannot_be_had(engine: Engine, place: str, unfit: Sequence[_Package]) -> ToolMissing:
    host = HOSTS[engine.name]
    reason, remedy = f"{host} does not answer", "connect to the network"
    if unfit:
        reason = f"{unfit[0].path} is another version and keeps {engine.name} from asking {host}"
        remedy = f"remove {unfit[0].path}"
    return ToolMissing(
        f"The Terraform provider hashicorp/aws {PROVIDER} cannot be had: "
        f"{reason}, and no fitting copy is on this disk.",
        where=f"{engine.name} init",
        hint=f"{remedy}, or unpack the provider into {place}",
    )


def registry_reachable(host: str, *, timeout_s: float = 4.0, url: str | None = None) -> bool:
    """Tell whether a provider registry answers its discovery document in time.

    The question is asked in a thread, since looking up a name knows no time limit.
    """
    answered: list[bool] = []

    def ask() -> None:
        request = Request(  # noqa: S310 - https of a host that we name
            url or f"https://{host}/.well-known/terraform.json", headers={"User-Agent": "groma"}
        )
        try:
            with urlopen(request, timeout=timeout_s) as answer:  # noqa: S310 - https of a host that we name
                answered.append(b"providers.v1" in answer.read(65_536))
        except (OSError, HTTPError, ValueError):
            answered.append(False)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout_s)
    return answered == [True]


def implied_mirrors(
    environment: Mapping[str, str],
    home: Path,
    directory: Path | None = None,
    *,
    system: str = sys.platform,
) -> list[Path]:
    """Return the directories in which Terraform looks for providers without being told.

    Source: "Implied Local Mirror Directories" in Terraform's CLI configuration reference.
    """
    mirrors = [home / ".terraform.d/plugins"]
    if directory:
        mirrors.insert(0, directory / "terraform.d/plugins")
    if system == "darwin":
        libraries = (home / "Library", Path("/Library"))
        return mirrors + [library / "Application Support/io.terraform/plugins" for library in libraries]
    data = [environment.get("XDG_DATA_HOME") or str(home / ".local/share")]
    data += (environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return mirrors + [Path(base) / "terraform/plugins" for base in data if base]


def _is_configured(environment: Mapping[str, str], home: Path) -> bool:
    """Tell whether the user's own CLI configuration says where providers come from."""
    named = environment.get("TF_CLI_CONFIG_FILE")
    files = [Path(named)] if named else [home / ".tofurc", home / ".terraformrc"]
    for file in files:
        try:
            if re.search(r"^\s*\"?provider_installation\b", file.read_text("utf-8", "replace"), re.MULTILINE):
                return True
        except OSError:
            continue
    return False


def _near_roots(environment: Mapping[str, str], home: Path, mirrors: Iterable[Path]) -> list[Path]:
    cache = environment.get("TF_PLUGIN_CACHE_DIR")
    usual = [home / ".terraform.d", *mirrors, Path("/usr/local/share"), Path("/usr/share"), Path("/opt")]
    return [Path(cache), *usual] if cache else usual


def _search(root: Path, platform: str) -> Iterator[_Package]:
    """Yield the copies below a directory, without following links or crossing into another file system."""
    try:
        device = root.stat().st_dev
    except OSError:
        return
    pending = [str(root)]
    while pending:
        folder = pending.pop()
        if folder.endswith("/hashicorp/aws"):
            yield from _packages_of(Path(folder), platform)
            continue
        try:
            with os.scandir(folder) as entries:
                inner = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        pending += [entry.path for entry in inner if _is_worth_entering(entry, folder, device)]


def _trusted(packages: Iterable[_Package], on_note: Callable[[str], None]) -> Iterator[_Package]:
    """Of fitting copies those that nobody else can have planted; each other one is told."""
    for package in packages:
        if not _fits(package.numbers):
            continue
        if reason := stranger(package.path):
            on_note(f"the provider at {package.path} is not used: {reason}")
        else:
            yield package


def _genuine(packages: Iterable[_Package], kind: str, on_note: Callable[[str], None]) -> _Package | None:
    """The newest copy that can be what was published; a newer one that is not is told."""
    for package in sorted(packages, reverse=True):
        if reason := forged(package.path, package.version, kind):
            on_note(f"the provider at {package.path} is not used: {reason}")
        else:
            return package
    return None


def _is_worth_entering(entry: os.DirEntry[str], parent: str, device: int) -> bool:
    if entry.name in _NEVER_INSIDE or (parent == "/" and entry.name in _NEVER_SEARCHED):
        return False
    try:
        return entry.stat(follow_symlinks=False).st_dev == device
    except OSError:
        return False


def _packages(host_directory: Path, platform: str) -> list[_Package]:
    return list(_packages_of(host_directory / "hashicorp/aws", platform))


def _packages_of(folder: Path, platform: str) -> Iterator[_Package]:
    """Yield the copies in a `hashicorp/aws` directory, in either layout of a Terraform mirror."""
    packed = re.compile(rf"{_BINARY}_(\d+(?:\.\d+)*)_{platform}\.zip")
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return
    for name in names:
        archive = packed.fullmatch(name)
        if archive and (folder / name).is_file():
            yield _Package(version_numbers(archive.group(1)), folder / name)
        elif re.fullmatch(r"\d+(\.\d+)*", name) and _holds_binary(folder / name / platform):
            yield _Package(version_numbers(name), folder / name / platform)


def _holds_binary(folder: Path) -> bool:
    try:
        return any(
            entry.name.startswith(_BINARY) and entry.is_file() and os.access(entry.path, os.X_OK)
            for entry in os.scandir(folder)
        )
    except OSError:
        return False


def _best(packages: Iterable[_Package]) -> _Package | None:
    return max((package for package in packages if _fits(package.numbers)), default=None)


def _fits(numbers: tuple[int, ...]) -> bool:
    """Tell whether a version satisfies PROVIDER: `~> a.b` is at least a.b and below a+1."""
    least = version_numbers(PROVIDER.removeprefix("~>").strip())
    return numbers >= least and numbers[:1] == least[:1]


def _link(package: _Package, mirror: Path, platform: str) -> Path:
    """Link a copy into a mirror directory, in its own layout; an older link there is replaced."""
    target = package.path.resolve()
    folder = mirror if target.suffix == ".zip" else mirror / package.version
    link = folder / (target.name if target.suffix == ".zip" else platform)
    fresh = folder / f".{link.name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh.symlink_to(target, target_is_directory=target.is_dir())
        fresh.replace(link)
    except OSError as problem:
        fresh.unlink(missing_ok=True)
        raise ToolMissing(
            f"The AWS provider at {target} cannot be linked to where Terraform looks: {problem}.",
            where=str(link),
            hint=f"make {folder} writable, or remove what is in the way at {link}",
        ) from problem
    return link
