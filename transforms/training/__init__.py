"""Beats of labelled headlines: weights fitted to them, drafts, and what is amiss."""
