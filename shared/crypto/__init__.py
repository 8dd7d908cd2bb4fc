"""Thin over `cryptography`: authenticated encryption, keys and signatures. No algorithm of ours."""
