"""Measurements that choose and report; see README.md."""
