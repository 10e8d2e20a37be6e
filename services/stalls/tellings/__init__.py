"""A drawn outcome told: one allotment for each application, in order of place, in chunks that a crash only repeats."""
