"""The reports of `import`."""
