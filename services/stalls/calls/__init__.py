"""Calls: grounds and days offered together, from the announcement to a published draw."""
