"""The language server: what editors show of policies and manifests while they are typed, one file per feature."""
