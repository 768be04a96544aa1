"""Entry of the server processes: `python -m groma.live.embedded EMULATOR DIRECTORY SOCKET KEY_FILE`.

Not for people: `EmbeddedCloud.start` runs it with a listening socket and a token.
"""

from __future__ import annotations

import os
import sys

from groma.live.embedded.routing import Emulator
from groma.live.embedded.server import read_settings


def main(arguments: list[str]) -> None:
    """Be the emulator that the arguments name."""
    os.umask(0o077)
    emulator, directory, descriptor, key_file, *without = arguments
    settings = read_settings(emulator, directory, descriptor, key_file)
    if settings.emulator is Emulator.MOTO:
        from groma.live.embedded import moto_server

        moto_server.serve(settings, without)
    else:
        from groma.live.embedded import ministack_server

        ministack_server.serve(settings, without)


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # moto and ministack leave threads behind that would keep the process
