"""Names of companies, people, topics and events: from the watchlist to the tags.

``rules`` are what a watchlist says, ``match`` finds names in a text by them, ``tagging``
does so for an article, ``explain`` says why, and ``edit`` corrects the rules.
"""
