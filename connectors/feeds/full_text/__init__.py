"""Full texts from the pages of articles, for feeds that ask for them."""
