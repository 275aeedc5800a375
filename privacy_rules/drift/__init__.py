"""What was observed to flow, compared with what manifests declare."""
