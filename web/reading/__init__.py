"""Read and unread, for those who use Slugline as a reader; off unless the settings say so."""
