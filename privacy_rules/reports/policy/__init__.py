"""A policy in plain English, one module for each format."""
