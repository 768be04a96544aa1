"""The command line: one thin command per step, named as the functions are, a file for each group of commands.

    app.py            all commands in their order; errors become exit codes
    options.py        arguments and options that several commands have
    designs.py        from a file to a design that may be built
    planning.py       init, plan
    questions.py      growth, and the questions of `plan`
    alarms.py         alarms, and cases of them
    mail.py           mails of the embedded cloud
    outputs.py        draw, build
    provisioning.py   up, verify, status, down
    publishing.py     publish, setup
    permissions.py    permissions
    prices.py         prices show, prices refresh
    console.py        tables, progress and colours
    fields.py         values of an answer for scripts
    streams.py        standard output and error, whatever they take

What a command needs is imported when it runs, so that `groma --help` takes no time.
"""

from groma.cli.app import main

__all__ = ["main"]
