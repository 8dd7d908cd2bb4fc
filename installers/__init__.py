"""How Chartdrop gets onto machines: set-up of a checkout, bundles, packages."""
