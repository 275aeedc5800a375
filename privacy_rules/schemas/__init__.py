"""JSON Schemas of manifests, policy tests, the configuration and findings."""
