"""Names in table and bucket that functions and servers share, and that whoever deploys them has to know."""

UPLOADS = "uploads/"
"""Prefix of what users upload: written by presigned POST, read by the pictures function alone."""
MEDIA = "media/"
"""Prefix of checked pictures, below which `thumbnails/` lies: what the distribution serves as `/media/…`."""

INDEX = "todo"
"""The table's index of what somebody has to come back to."""
OUTBOX, UPLOAD = "outbox", "upload"
WAITING = (OUTBOX, UPLOAD)
"""What the index is asked for."""
SHARDS = 8
"""Parts of each hash key of the index, because one takes 1,000 writes a second at most."""
CONSISTENT = True
"""Whether what is read from the table shows every write before it, at twice the price of what may not. Of the
index nothing is read so.
"""
TTL = "expires_s"
"""The attribute that is the table's time to live, in seconds since 1970."""
