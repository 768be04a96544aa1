"""What the user states: the application's load, the goals and the money.

    kinds.py        the blueprints that a file may ask for, and what each asks of the file
    quantities.py   numbers and ranges, each kind with its bounds
    domains.py      placeholders, and which domain lies in which zone
    texts.py        lines of text, each kind with its length
    model.py        the workload: frozen values
    load_values.py  the load's quantities besides request classes
    parts.py        what all parts of it share; a request class
    users.py        how many people there are, and how much they do
    application.py  an application of one's own: images, ports, health paths, secrets by name
    beside.py       what runs beside it: workers, commands at times
    machines.py     which machines servers may be made of
    database.py     the database: engine and version; existing.py: one that exists
    network.py      the network: range, zones, ways out, or a VPC that exists
    environments.py several stacks of one file
    reading.py      the file: the only parser of it
    lines.py        YAML with the line of every key, bounded
    plain_values.py what of YAML is read: plain values, nothing inside itself
    explaining.py   from a mistake to a sentence that names its place
    price_book.py   a CSV file of one's own prices
    profiles.py     what fills in the rest: `data/profiles/`; known.py: the same to be read
    schema.py       JSON Schema for editors
    reference.py    the page about every key, with the examples of `data/examples.yaml`
    first_file.py   what `groma init` writes: `data/first_files/`
    uncertain.py    ranges: where each is known from and how it is measured, `data/measuring.csv`
    people.py       which users are counted, and what the other readings come to
    demand.py       from users and habits to requests, bytes and rows

`load(path)` reads a workload file and returns a frozen `Workload`, in which the profile has filled in
whatever the file leaves out. Every mistake in the file is reported at once, each with its line and field.
"""

from groma.workload.kinds import KINDS, Blueprint, Kind
from groma.workload.load_values import Disciplines, Load
from groma.workload.model import Goals, Workload
from groma.workload.parts import RequestClass, State
from groma.workload.profiles import profile, profiles
from groma.workload.reading import load, parse, with_budget
from groma.workload.schema import json_schema
from groma.workload.users import Users

__all__ = [
    "KINDS",
    "Blueprint",
    "Disciplines",
    "Goals",
    "Kind",
    "Load",
    "RequestClass",
    "State",
    "Users",
    "Workload",
    "json_schema",
    "load",
    "parse",
    "profile",
    "profiles",
    "with_budget",
]
