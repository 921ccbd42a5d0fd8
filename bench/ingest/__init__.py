"""How fast articles are read and feeds are checked, and how well duplicates are found."""
