"""What lints are made of, what they read, and how they are run, allowed and mended."""
