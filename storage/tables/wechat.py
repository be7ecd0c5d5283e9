"""What WeChat needs kept: its access token and what it allows to be sent to whom."""
