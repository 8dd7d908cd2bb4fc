"""What goes into a bundle besides code: the list of its parts, with their licences, and the same as an SBOM."""
