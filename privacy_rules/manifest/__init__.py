"""The manifest: files with places → a checked, merged estate."""
