"""The desk: serves pages over the published file; what they hold is in transforms.pages."""
