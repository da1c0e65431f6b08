"""What the desktop shows: tray, notifications, announcements."""
