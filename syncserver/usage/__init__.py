"""Metering: how many pages an organization had read."""
