"""Days on which a subject has far more stories than its own recent level.

A count is compared with a negative binomial distribution: the subject's level of the
trailing 28 days, times what every subject shares, which is the factor of the weekday,
of a holiday, and of the part of the day that is over; with a dispersion that all share
too. One subject's 28 days are far too few to estimate these alone; pooling is what
makes the test hold at low counts. Over-dispersed counts of events, and why Poisson
limits cry wolf on them: Noufaily et al. 2013, *An improved algorithm for outbreak
detection in multiple surveillance systems*, Statistics in Medicine 32.

How sure a burst must be follows from a budget in plain words: so many false alarms a
week, over all subjects together (:mod:`transforms.bursts.find`).
"""
