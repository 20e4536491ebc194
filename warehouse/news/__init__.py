"""What was read: articles, who is in them, the stories and affairs they tell, search."""
