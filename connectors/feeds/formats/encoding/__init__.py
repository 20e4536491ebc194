"""What a document's bytes are written in, whatever its labels say."""
