"""What `mingbai check` looks at: each check looks at one part, finds all that is wrong there, and never raises."""
