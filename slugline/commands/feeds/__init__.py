"""Commands about feeds: subscribe, check, list, OPML."""
