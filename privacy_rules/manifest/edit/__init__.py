"""Write changes into the texts of manifests: only what differs is edited, and the rest keeps its layout and comments."""
