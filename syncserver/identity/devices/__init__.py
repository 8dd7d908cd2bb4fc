"""Devices: enrolment by a code, tokens by their key, revocation. PROTOCOL.md, sections 1 to 3 and 5."""
