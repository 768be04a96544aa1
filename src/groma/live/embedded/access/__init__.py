"""Who may talk to the embedded cloud: every call is signed with keys of this cloud, as AWS wants it.

Loopback is no wall: each user of the machine and each page in a browser reaches it.

    credentials.py  the cloud's keys, and the keys of sessions, which follow from them
    signing.py      what a request says of its signature
    signatures.py   whether that signature is right (Signature Version 4), recomputed by botocore
    forms.py        the same of a form that a browser sends to S3
    public.py       what AWS takes without a signature, and of it what this cloud does
    pages.py        requests of web pages, and of names that were rebound to this machine
    door.py         all of it before an emulator
    told.py         how somebody is turned away, in the protocol of the request
    outgoing.py     the server calls nobody but the cloud itself
    own.py          the keys of the cloud whose server a process is
    confined.py     the program that begins a function, without the user's files
    functions.py    how functions are begun
"""
