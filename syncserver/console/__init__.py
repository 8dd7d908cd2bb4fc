"""The console at `/console`: web pages for people of organizations and for the operator, through services alone."""
