"""The formats that can be imported, one module each with a function `read`."""
