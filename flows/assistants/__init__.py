"""Assistants: the pages of the desk over the Model Context Protocol."""
