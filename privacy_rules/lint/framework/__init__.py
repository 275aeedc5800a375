"""The framework of the lints: their data, their input, and how they are run, suppressed and fixed."""
