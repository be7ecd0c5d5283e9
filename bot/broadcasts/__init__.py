"""What staff do with notices on their way, for the staff bot, the desk and the command line alike; and their words."""
