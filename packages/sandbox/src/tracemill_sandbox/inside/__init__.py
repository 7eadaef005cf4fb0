"""What runs inside the fence: the fork servers, the first process of a run, the runner."""
