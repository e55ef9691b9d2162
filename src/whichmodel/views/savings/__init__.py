"""What the routes of an organisation are worth, against one model for all and against today's models."""
