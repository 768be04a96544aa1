# Runs its words when the container beside it holds the lock, and tells it how they ended; nothing where it is done.
shared="${MIGRATION_DIR:-/run/migration}"
until [ -e "$shared/due" ]; do
  if [ -e "$shared/done" ]; then exit 0; fi
  sleep 1
done
"$@" &
child="$!"
(
  sleep "${MIGRATION_S:-300}"
  echo "took too long" >&2
  kill -9 "$child"
) &
wait "$child"
code="$?"
echo "$code" >"$shared/result.new"
mv "$shared/result.new" "$shared/result"
exit "$code"
