"""The command line: one thin command per step, named as the functions are, a file for each group of commands.

    app.py            all commands in their order; errors become exit codes
    options.py        arguments and options that several commands have
    environments.py   --env, of every command that takes a file
    designs.py        from a file to a design that may be built
    profiles.py       profiles
    planning.py       init, plan
    changes.py        diff, guide
    questions.py      growth, and the questions of `plan`
    simulation.py     simulate, and the trials of `plan --certify`
    alarms.py         alarms, and cases of them
    drills.py         drill
    mail.py           mails of the embedded cloud
    outputs.py        draw, build
    provisioning.py   up, verify, down
    approving.py      what is asked before a cloud is changed
    looking.py        status, metrics, logs, open, env
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
