"""Which articles and signals somebody hears of, and what was told before."""
