"""The social application itself: people, posts, followers, timelines, pictures. No AWS, no SQL, no I/O.

model.py    values, limits, and the checks of everything that comes from outside
ids.py      ids that sort by time
errors.py   what a caller can do wrong
ports.py    what a host has to provide
service.py  the use cases
http.py     the same interface over HTTP for every host
"""
