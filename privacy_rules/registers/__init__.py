"""Registers that are made from a policy and manifests: what a data protection officer has to keep, as tables."""
