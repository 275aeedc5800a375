"""Trace: rules compared with the prose policy, clause by clause."""
