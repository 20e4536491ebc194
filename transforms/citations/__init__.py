"""Citations: records in five styles, read back from two, and compared with what is held."""
