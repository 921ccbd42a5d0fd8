"""Following feeds: finding, checking, and watching them."""
