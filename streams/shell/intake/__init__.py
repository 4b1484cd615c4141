"""The ways in: how wire items get from agencies, disks and the web onto the raw topic.

`sources` says what there is, `door` is the one place through which everything goes, `ledger`
remembers what went, `shift` is what a way is given to work with, and `run` has the table of ways.
What an item means is not known here.
"""
