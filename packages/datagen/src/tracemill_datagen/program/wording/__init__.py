"""Programs as English that reads back as the same program."""
