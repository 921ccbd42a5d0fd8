"""Who is asking, what they may do, and the pages to sign in and to manage users."""
