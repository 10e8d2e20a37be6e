"""Lists as offices send them, row by row: text in several encodings or a workbook, its header in three languages.

`reading` opens one, `mapping` says which column is what, `writing` is how every CSV of ours is written.
"""
