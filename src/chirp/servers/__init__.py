"""The application's servers: one host before a database and its read replica, behind web servers.

settings.py     what a server is told by its environment
__main__.py     serves with gunicorn: a process for each processor, in each of them several threads
wsgi.py         the host as a WSGI application
host.py         what all requests share, and what each gets of it
preparation.py  what is done before requests are answered
migrations/     the schema
database.py     connections to the master and its replica
replica.py      how far the replica has come
answering.py    how a database has answered lately
health.py       whether the load balancer is to send requests here
store.py        accounts, posts, follows and timelines over PostgreSQL
remembered.py   what a cache answers of them; kinds.py says how it lies there
cache.py        a Valkey cache; cache_token.py signs the servers in there
credentials.py  the database's user and password, which change
passwords.py    how passwords are kept
signing.py      tokens that only these servers can make
pictures.py     presigned uploads
logs.py         one JSON object per line
zone.py         the availability zone in which a server stands
"""
