"""Relevance: the probability that an article is on the beat, China's technology industry.

``evidence`` gathers the evidence for and against it: roles of companies, topics and events,
words, genre, source. ``score`` adds up the weights of ``weights.toml``, a readable logistic
regression, and names the decisive term.
"""
