# Lets one task of all run the migration of a release, once: this session of PostgreSQL holds an advisory lock for as
# long as another container of the task runs it, and lets go of it when the task is lost. A row says that it is done.
# Once it is done this container becomes healthy, for which the application waits; if it fails, the task ends with it.
# Told DATABASE_URL and KEY, what tells one release from another.
set -eu
shared="${MIGRATION_DIR:-/run/migration}"
limit_s="${MIGRATION_S:-300}"
export shared PGCONNECT_TIMEOUT=10 PGAPPNAME=migration
chmod 1777 "$shared" # the application's image may run as any user

# For longer than the migration may take: it has ended when the lock is let go.
if timeout "$((limit_s + 30))" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set "key=$KEY" --file - "$DATABASE_URL" <<'SQL'; then
SET client_min_messages = warning;
BEGIN;
SELECT pg_advisory_xact_lock(hashtext('groma')) \g /dev/null
CREATE SCHEMA IF NOT EXISTS groma;
CREATE TABLE IF NOT EXISTS groma.done (key text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
COMMIT;
SELECT pg_advisory_lock(hashtext('groma'), hashtext(:'key')) \g /dev/null
SELECT NOT EXISTS (SELECT FROM groma.done WHERE key = :'key') AS due \gset
\if :due
\set code `touch "$shared/due"; until [ -s "$shared/result" ]; do sleep 1; done </dev/null; cat "$shared/result"`
SELECT :'code' = '0' AS did \gset
\if :did
INSERT INTO groma.done (key) VALUES (:'key');
\else
DO 'BEGIN RAISE EXCEPTION ''the migration failed, and is not noted as done''; END';
\endif
\endif
SQL
  touch "$shared/done"
  echo "migrated: $KEY"
  trap 'exit 0' TERM
  while :; do
    sleep 3600 &
    wait "$!"
  done
fi
echo "not migrated: $KEY" >&2
exit 1
