"""Orders owns: retail orders, and what it remembers of the catalogue's groups and products.

Publishes: orders.orders. Listens to: catalog.groups, catalog.products, catalog.reservations.
Answers: /v1/orders, /v1/demand.
"""
