"""The report of a check, one module for each format."""
