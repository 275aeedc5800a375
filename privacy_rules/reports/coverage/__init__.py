"""The coverage of a policy by its tests, one module for each format."""
