"""What people may do in their organization."""

from enum import StrEnum


class Role(StrEnum):
    """From all to least: `read_only` changes nothing, `member` nothing about people, devices and the organization."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    READ_ONLY = "read_only"
