"""What lints find, one module for each format."""
