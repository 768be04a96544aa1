"""`python -m groma.cli`."""

from groma.cli import main

main()
