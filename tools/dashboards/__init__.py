"""Grafana's dashboards out of the registry of metrics: one for the whole, one for each service. Nobody edits them."""
