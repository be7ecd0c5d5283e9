"""The desk: web pages for staff, under /desk. Built so that it works on a phone and without JavaScript."""
