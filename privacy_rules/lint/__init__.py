"""Mistakes in rules that are found with no manifest: one lint, one file, one page in `dsl/lints`."""
