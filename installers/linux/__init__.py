"""Set-up of a checkout (`set-up.sh`), and Debian packages."""
