"""Answering: retrieval, the prompt, verification, and the store of chats."""
