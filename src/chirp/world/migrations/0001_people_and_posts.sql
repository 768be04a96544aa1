-- Ids and handles are ASCII and compared byte by byte, so that an id sorts by its time.
-- No sequence, trigger or function of one's own: writes that are sent on from another region may not use them.

CREATE TABLE accounts (
    handle     text COLLATE "C" PRIMARY KEY,
    email      text        NOT NULL,
    password   text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE posts (
    id              text COLLATE "C" PRIMARY KEY,
    author          text COLLATE "C" NOT NULL REFERENCES accounts,
    text            text NOT NULL,
    picture         text,
    idempotency_key text COLLATE "C"
);

-- Pages of one author.
CREATE UNIQUE INDEX posts_by_author ON posts (author, id DESC);

CREATE UNIQUE INDEX posts_by_idempotency_key ON posts (author, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Posts that are kept, but of which the topic may not know yet.
CREATE TABLE outbox (
    post    text COLLATE "C" PRIMARY KEY,
    kept_at timestamptz NOT NULL DEFAULT now()
);

-- A following stands twice: under who is followed, in their database, and under who follows, in theirs.
CREATE TABLE followers (
    followee text COLLATE "C" NOT NULL REFERENCES accounts,
    follower text COLLATE "C" NOT NULL,
    PRIMARY KEY (followee, follower)
);

CREATE TABLE following (
    follower text COLLATE "C" NOT NULL REFERENCES accounts,
    followee text COLLATE "C" NOT NULL,
    PRIMARY KEY (follower, followee)
);

-- One row in the first database, and none in the others: the key with which all servers of all regions sign.
CREATE TABLE signing_key (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    key    bytea NOT NULL
);
