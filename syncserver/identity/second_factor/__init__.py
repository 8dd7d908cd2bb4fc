"""A second factor beside the password: codes of an app (TOTP, RFC 6238), and recovery codes."""
