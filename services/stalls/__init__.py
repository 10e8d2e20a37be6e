"""Stalls: grounds where self-help groups sell, and a fair turn at them.

Owns: calendars, venues and who has them when, calls, applications, draws and their outcomes, allotments, credits.
Publishes: stalls.venues, stalls.calls, stalls.applications, stalls.allotments.
Listens to: catalog.groups, catalog.products, its own stalls.allotments.
Answers: /v1/calendars, /v1/venues, /v1/calls, /v1/applications, /v1/allotments, /v1/credits.
"""
