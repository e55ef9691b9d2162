"""What routes are worth: savings, approaches side by side, break-evens (DECISION section 8). Pure."""
