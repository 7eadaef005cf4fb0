"""The backend that needs nothing installed: fork servers on this machine."""
