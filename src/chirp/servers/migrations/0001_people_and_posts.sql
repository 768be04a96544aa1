-- Ids and handles are ASCII and compared byte by byte, so that an id sorts by its time.

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

-- Pages of one author; a timeline merges the newest of several.
CREATE UNIQUE INDEX posts_by_author ON posts (author, id DESC);

CREATE UNIQUE INDEX posts_by_idempotency_key ON posts (author, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE follows (
    follower text COLLATE "C" NOT NULL REFERENCES accounts,
    followee text COLLATE "C" NOT NULL REFERENCES accounts,
    PRIMARY KEY (follower, followee),
    CHECK (follower <> followee)
);

CREATE INDEX follows_by_followee ON follows (followee);

-- One row: the key of session tokens, the same for all servers, and still the same when the password is rotated.
CREATE TABLE signing_key (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    key    bytea NOT NULL
);
