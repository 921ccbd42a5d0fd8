"""How one reader wants pages to look, kept in a cookie of that reader."""
