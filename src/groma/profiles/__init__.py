"""Profiles: what is known of a kind of application's load, as ranges with their sources."""
