"""The reports of verbs: a folder for each document, with a module for each format.

Formats present results, and decide nothing.
"""
