"""The queries of ``pages.sql`` and the records that their rows become."""
