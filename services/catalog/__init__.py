"""Catalog: self-help groups, what they make, how much there is of it.

Owns: groups and the pairs that may be one, products, stock, and the reservations of orders. Remembers in which years a group had a stall.
Publishes: catalog.groups, catalog.products, catalog.stock, catalog.reservations.
Listens to: orders.orders, stalls.allotments.
Answers: /v1/groups, /v1/doubles, /v1/products, /v1/products/{id}/variants/{sku}/stock.
"""
