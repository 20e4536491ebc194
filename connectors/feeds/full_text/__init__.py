"""Full texts from the pages of articles, where a feed's owner asked for them."""
