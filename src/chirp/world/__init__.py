"""The application's servers in several regions: sharded databases, a cache, a global table, a topic.

    settings.py    what a server is told by its environment
    shards.py      connections to the databases: a writer somewhere, readers everywhere
    migrations/    the schema of every database
    recent.py      who has just written, and so must not be shown an older state
    remembered.py  what the cache answers, within a time that no request notices
    clients.py     clients of tables and topic, and the log of what is shared with the functions
    visit.py       one request's dealings with all of these
    accounts.py    accounts in their database, sessions in the table
    posts.py       posts in their author's database, with a note of what is still to be announced
    announcer.py   brings posts into their author's timeline and to the topic; finishes what a crash left
    follows.py     followings in both people's databases, in the table for the fan-out, told to other regions
    host.py        all of it together

Account and posts of a handle are in the database `crc32(handle) mod databases`, a following in those of both
ends. The table, which all regions share, holds what each of them has to write itself: sessions, edges for the
fan-out, marks of who was left, and the state of pictures. Timelines are in a table of each region's own,
which its fan-out fills with what is posted in any. Items and workers are those of `functions/`.

The host needs, in its own region:

- on the table: `dynamodb:BatchGetItem`, `dynamodb:BatchWriteItem`, `dynamodb:DeleteItem`, `dynamodb:GetItem`,
  `dynamodb:Query`, `dynamodb:UpdateItem`; on its index nothing;
- on the table of timelines: `dynamodb:BatchWriteItem`, `dynamodb:GetItem`, `dynamodb:Query`;
- on the topic: `sns:Publish` (of `PublishBatch` too), and `kms:GenerateDataKey` and `kms:Decrypt` of its key;
- on the bucket: `s3:PutObject` below `uploads/`, in whose name browsers upload (nothing below `media/`);
- on the cache: `elasticache:Connect` as its user;
- on the databases: `rds-db:connect` as its role;
- on the secret of their owner, to migrate: `secretsmanager:GetSecretValue`, and `kms:Decrypt` of its key;
- on the release: `s3:GetObject` and `s3:GetObjectVersion` of the archive, at boot.

`python -m chirp.servers` runs it when `DATABASE_WRITERS` is set; `settings.py` names all
variables.
"""
