"""Relevance: the probability that an article is on the beat, China's technology industry.

``evidence`` gathers what speaks for and against it: what the companies named are to the
article, its topics and events, words, genre, source. ``score`` adds up the weights of
``weights.toml``, a logistic regression that a person can read, and says what carried it.
"""
