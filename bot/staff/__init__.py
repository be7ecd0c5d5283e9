"""Staff at work in Telegram: what they may do, and the bot in which they do it."""
