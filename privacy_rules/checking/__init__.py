"""Judging: core rules × flow graph → judgements with their reasons."""
