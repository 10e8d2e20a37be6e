"""Notify owns: contacts (the only place with phone numbers) and the ledger of messages.

Publishes: notify.notifications. Listens to: catalog.groups, orders.orders, stalls.applications, stalls.allotments.
Answers: /v1/contacts, /v1/notifications, /v1/provider-callbacks.
"""
