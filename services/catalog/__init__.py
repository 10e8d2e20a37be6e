"""Catalog: self-help groups, what they make, how much there is of it.

Owns: groups, which of them may be one, products, stock, and the reservations of orders; knows who had a stall when.
Publishes: catalog.groups, catalog.products, catalog.stock, catalog.reservations.
Listens to: orders.orders, stalls.allotments.
Answers: /v1/groups, /v1/doubles, /v1/products, /v1/products/{id}/variants/{sku}/stock.
"""
