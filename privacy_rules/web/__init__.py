"""The local web explorer: a page and a JSON API on loopback, over manifests and a policy that are read once."""
