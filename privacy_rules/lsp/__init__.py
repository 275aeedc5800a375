"""The language server, which editors use for policies and manifests while they are typed. Each feature is one file."""
