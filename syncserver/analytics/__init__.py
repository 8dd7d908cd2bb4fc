"""Statistics of what was read: roll-ups by the day, kept as events come, so that asking costs the days asked for."""
