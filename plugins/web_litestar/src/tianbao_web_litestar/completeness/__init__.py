"""What the pages of 填報情形 ask core for, and how they say it."""
