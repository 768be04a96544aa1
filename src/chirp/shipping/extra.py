"""What must be installed for the application to be shipped."""

EXTRA = "chirp"
"""The extra of Groma's distribution, which brings this package's own code."""
