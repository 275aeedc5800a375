"""Writes changes into the texts of manifests: what is edited is what differs, and all else stays as it is written."""
