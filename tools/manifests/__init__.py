"""The manifests that say again what the code already says: made from it, kept in `deploy/k8s`, compared by a test.

`routes` and `policies` come from the gateway's table, `topics` from the contracts and the services' wiring, `databases`
from their documents, `scaling` from what they read, `watching` from the rules and dashboards of `deploy/ops`.
"""
