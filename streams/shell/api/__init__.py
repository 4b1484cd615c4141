"""The API: what is known, over HTTP, for the newsroom's programs; a process of its own.

It follows the topics on the brokers without a consumer group and keeps a view of them in memory. It
writes nothing but subscriptions and silences. What decides anything is pure, here or in the core.
"""
