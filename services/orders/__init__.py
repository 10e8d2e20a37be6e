"""Orders owns: retail orders, and what it remembers of the catalogue's products.

Publishes: orders.orders. Listens to: catalog.products, catalog.reservations. Answers: /v1/orders, /v1/demand.
"""
