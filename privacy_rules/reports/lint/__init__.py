"""The findings of lints, one module for each format."""
