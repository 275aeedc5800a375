"""Simulate changes of an estate, and days to come."""
