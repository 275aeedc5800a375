"""Files from other tools, read as manifests: one module for each format in `formats/`, listed in `registry.py`."""
