"""What an operator does and asks: is it well, what is wrong and what to do, keep a copy, put it back."""
