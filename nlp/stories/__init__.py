"""Stories: which articles tell of one event, found as the articles come."""
