"""Parts that every request shares: the guard, connections, compression, headers, logs.

Feeds and sinks stand on this room, which knows neither of them.
"""
