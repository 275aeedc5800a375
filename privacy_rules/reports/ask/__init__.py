"""Answers to questions about a policy, one module for each format."""
