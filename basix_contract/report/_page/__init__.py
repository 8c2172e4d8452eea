"""report.html: one file that opens from disk, asks nothing of anybody, and draws a call when it is looked at."""
