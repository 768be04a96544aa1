"""What is made and said of the application here, so that it can be deployed; nothing of it runs there.

    description.py  the application as Groma has to know it: all that is said in the other files
    functions.py    what each function needs from the infrastructure, and the table
    servers.py      what the application servers need
    journey.py      two users who try out what was deployed
    boot/           what web and application servers run on first boot
    artifact.py     the servers as one archive
    bundle.py       the zip that Lambda runs
    wheel.py        the one compiled library in it, for Lambda's platform
    archive.py      zip archives whose bytes depend on nothing but their content

Of Groma it imports the seam, `groma.application`, and errors and directories; the rest of the application
imports nothing of it.
"""
