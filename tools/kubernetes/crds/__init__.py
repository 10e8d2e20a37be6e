"""Custom resources as an API server takes them: structure, defaults and CEL rules of their CRD."""
