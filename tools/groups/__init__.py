"""Programmes' lists into the registry from the command line: one list feeds two services, each with its own mark."""
