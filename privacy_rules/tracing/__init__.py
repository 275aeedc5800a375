"""Rules held against the prose that they come from, clause by clause."""
