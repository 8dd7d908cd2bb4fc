"""One folder a screen: its model, its delegate, its widgets."""
