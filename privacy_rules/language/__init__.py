"""The rule language: text → tree → resolved policy."""
