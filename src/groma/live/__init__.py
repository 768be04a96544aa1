"""The room that touches network, processes and the clock: provisioning, verification, monitoring."""
