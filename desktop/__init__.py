"""The desktop: a window and a command line over one journey, from the drop folder to the server."""
