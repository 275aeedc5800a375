"""The answers of `what-if`, one module for each format."""
