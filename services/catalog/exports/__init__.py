"""The registry as a file for a spreadsheet: the groups of an area, line by line as they are read."""
