"""Reading hostile files in bounded time and memory."""
