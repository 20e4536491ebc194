"""Relevance: the probability that an article is on the beat.

``evidence`` gathers the evidence for and against it: roles of companies, topics and events,
words, genre, source. ``score`` adds up the weights of the beat, a readable logistic
regression, and names the decisive term.
"""
