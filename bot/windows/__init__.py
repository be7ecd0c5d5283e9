"""Windows and local details: from spreadsheets into the tables, from the tables to residents and calendars."""
