"""One module for each command of the command line, or for a family of them."""
