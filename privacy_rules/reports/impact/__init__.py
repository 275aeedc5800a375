"""An impact, one module for each format."""
