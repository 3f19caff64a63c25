"""The server as processes: its end, several of them, one worker."""
