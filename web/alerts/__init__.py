"""Alerts: what was just indexed is held against what users watch; the page that manages them."""
