"""The embedded CloudWatch evaluates its alarms: moto stores them, `groma.monitoring.evaluate` decides.

    published.py   moto's metric data → samples, by exact dimensions
    rules.py       moto's alarm → what decides about its state
    memory.py      state and history of an alarm, kept in moto's own object and so with moto's state
    watch.py       every alarm of every region, each minute or when somebody asks
    holding.py     composite alarms with a suppressor: when they act, and what holds them back
    notice.py      what an action sends: subject, JSON for machines
    letter.py      the same for people: the text of AWS's mails
    hooks.py       where moto is led to the watch
    acting.py      a thread that ticks, and one that sends to the topics of the other emulator

What is told by mail and where it lies is in docs/decisions/0035-mails-of-the-embedded-cloud.md.
"""
