"""What lies around the routes, a layer for each concern, outermost first as application.py has it.

An answer from the cache so costs no routing, and no route can be answered without a caller by
forgetting something on it.
"""
