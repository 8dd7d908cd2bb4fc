"""The sheet of shortcuts, and what Chartdrop is made of."""
