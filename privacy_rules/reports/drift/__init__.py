"""The reports of `drift`."""
