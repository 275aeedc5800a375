"""Places in files, diagnostics and their codes, and reading and writing users' files."""
