"""The gateway: one table of routes, and the Envoy configuration made from it.

`routes` is what one edits; `render` puts the configuration together from `hosts` (one Envoy route a row), `filters`
(token, rate limit, body limit), `replies` (problem bodies in three languages) and `clusters` (who answers).
`envoy` runs and validates it.
"""
