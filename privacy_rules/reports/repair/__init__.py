"""A repair, one module for each format."""
