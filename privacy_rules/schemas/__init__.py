"""JSON Schemas of what people write and tools read: manifests, the configuration, findings."""
