"""`python -m builder.cli`: the command where the console script is not installed."""

from builder.cli.main import run

run()
