"""What a project starts from: a small policy, a manifest, the configuration and a check in CI that pass as they are."""
