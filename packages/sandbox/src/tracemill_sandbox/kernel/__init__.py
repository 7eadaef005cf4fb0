"""What the Linux kernel offers to hold a program: one mechanism, one file."""
