"""Compare observed data flows with what manifests declare."""
