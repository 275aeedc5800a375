"""Lints: checks of a policy without a manifest. Each lint is one module here and one page in `dsl/lints`."""
