"""The page of a rule, one module for each format."""
