"""Kernels compiled by numba, and what they share."""
