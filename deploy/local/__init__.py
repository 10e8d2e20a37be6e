"""The whole system on one machine: real Kafka, MongoDB and Envoy, no container, nothing preinstalled.

Owns the local run (`.venv/bin/python -m deploy.local run|up|down|reset|with-servers`) and the classes tests start
servers with.
"""
