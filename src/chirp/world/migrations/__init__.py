"""The schema of every database of the worldwide servers: numbered files of SQL, see `servers.migrations`."""
