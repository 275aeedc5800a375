"""Where text came from: places, diagnostics, near names, and the language's home."""
