"""The desk for assistants: the same reads over the Model Context Protocol."""
